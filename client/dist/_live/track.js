// This is the client runtime of Live. livec wrote it; changes are lost.

// src/track.ts
var createSubscriber = () => () => {
};
var toStore = void 0;
export {
  createSubscriber,
  toStore
};
