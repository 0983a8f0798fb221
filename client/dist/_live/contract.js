// This is the client runtime of Live. livec wrote it; changes are lost.

// src/contract.ts
var hash = "";
var entryPoints = {};
export {
  entryPoints,
  hash
};
