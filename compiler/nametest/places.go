package nametest

import (
	"regexp"
	"strings"
)

// place is a kind of declaration, or a part of one, that gets the names under test.
type place struct {
	name string
	text string // of a module
}

// each is a part of a module that is repeated for each name. In it, NAME is the name, Name its form for a type, and CODE
// its form for an error or a setting.
var each = regexp.MustCompile(`«[^»]*»`)

// module returns the module with names in the place.
func (p place) module(names ...string) string {
	return each.ReplaceAllStringFunc(p.text, func(part string) string {
		part = strings.TrimSuffix(strings.TrimPrefix(part, "«"), "»")
		var b strings.Builder
		for _, n := range names {
			b.WriteString(strings.NewReplacer("NAME", n, "Name", strings.ToUpper(n[:1])+n[1:], "CODE", strings.ToUpper(n)).Replace(part))
		}
		return b.String()
	})
}

// places are all of them. Constructs for which there is no generated code yet are left out.
var places = []place{
	{"fn", "«fn NAME(zqX: int) -> int = zqX + 1\n»" + callers},
	{"fnbody", "«fn NAME(zqX: int) -> int { require zqX > 0 else ZQ  return zqX }\n»" + callers},
	{"guard", `
«guard NAME(zqX: int) -> { zqAdded: int } { require zqX > 1 else ZQ  return { zqAdded: zqX } }
guard zqOuterNAME(zqX: int) -> { zqOther: int } guard NAME(zqX) { return { zqOther: ctx.zqAdded } }
rpc zqBothNAME(zqX: int) -> int guard zqOuterNAME(zqX) { return ctx.zqOther }
»rpc zqRpc(zqX: int) -> int guard zqFirst(zqX)«, NAME(zqX)» { let zqY = ctx.zqAdded  return zqY }
guard zqFirst(zqX: int) { require zqX > 0 else ZQ }
stream zqDerived(zqX: int) -> int guard zqFirst(zqX)«, NAME(zqX)» { return ctx.zqAdded }
stream zqPublished -> [int] guard zqFirst(1)«, NAME(1)» merge latest 5 { return [] }
channel zqChannel(zqX: int) -> { zqN: int } guard zqFirst(zqX)«, NAME(zqX)» writable guard zqFirst(4)«, NAME(3)» merge presence
room zqRoom(zqX: int) guard zqFirst(zqX)«, NAME(zqX)» { presence = { zqN: ctx.zqAdded }  rpc zqAct -> int { return ctx.zqAdded } }
`},
	{"pipe", `
table ZqRow { id: id  zqN: int = 0  index (zqN) }
«pipe NAME(zqX: int) on ZqRow = filter .zqN == zqX | sort .id
stream zqLiveNAME(zqX: int) public = ZqRow | NAME(zqX) | limit 3
»`},
	{"rpc", "«rpc NAME(zqX: int, zqY: int = 1) -> int public { require zqX > 1 else ZQ  return zqX + zqY }\n»"},
	{"action", "room zqRoom(zqX: int) public { cursors: { zqN: int } «rpc NAME(zqY: int) -> int { return zqX + zqY } »}"},
	{"live", `
table ZqRow { id: id  zqN: int = 0  zqAt: time?  index (zqN) }
«stream NAME(zqX: int) public = ZqRow | filter .zqN == zqX | sort .id | limit 3
»stream zqFollow public on ZqRow«, NAME» { return ZqRow | count() }
`},
	{"derived", `
table ZqRow { id: id  zqN: int = 0  index (zqN) }
«stream NAME(zqX: int) access zqX > 0 gate zqX > 1 { return { zqN: ZqRow | filter .zqN == zqX | count() } }
»`},
	{"published", `
type ZqItem { id: id  zqN: int  zqAt: time }
«stream NAME(zqX: int) -> [ZqItem] access zqX > 0 rate 5 per 1s by ("{zqX}") merge crud
  on subscribe { log info "{zqX}" } on unsubscribe { log info "{zqX}" } { return [] }
»rpc zqRpc(zqX: int, zqI: ZqItem) public { «publish NAME(zqX) created zqI throttle 50ms »}
`},
	{"channel", `
«channel NAME(zqX: int) -> { zqN: int, zqAt: time } access zqX > 0 writable merge latest 3 expire 3s
»rpc zqRpc(zqX: int, zqT: time) public { «publish NAME(zqX) zqEvent { zqN: 1, zqAt: zqT } »}
`},
	{"room", `
table ZqRow { id: id  zqN: int = 0  index (zqN) }
«room NAME(zqX: int) access zqX > 0 {
  data = ZqRow | filter .zqN == zqX | sort .id
  presence: { zqN: int } = { zqN: zqX }
  cursors: { zqN: int } throttle 50ms
  rpc zqAct(zqY: int) -> int { return zqX + zqY }
}
»`},
	{"signal", `
«signal NAME(zqX: int, zqAt: time)
»rpc zqRpc(zqId: id, zqT: time) public { «signal NAME(1, zqT) to zqId »}
`},
	{"extern", `
«extern fn NAME(zqX: int) -> int from "example.com/zqpkg/name" retryable
»rpc zqRpc(zqX: int) -> int public { return zqX« + NAME(zqX)» }
`},
	{"param", `
fn zqFn(«NAME: int, ») -> int { require 1 > 0« && NAME > 0» else ZQ  return 1« + NAME» }
table ZqRow { id: id  zqN: int = 0  index (zqN) }
pipe zqPipe(«NAME: int, ») on ZqRow = filter .zqN == 1« || .zqN == NAME»
guard zqGuard(«NAME: int, ») -> { zqAdded: int } { «require NAME > 1 else ZQ "{NAME}"  » return { zqAdded: 1« + NAME» } }
rpc zqRpc(«NAME: int, » zqY: int = 1) -> int guard zqGuard(«NAME, ») access zqY > 0« && NAME > 0» rate 5 per 1s by ("«{NAME}»")
{ return zqFn(«NAME, ») + zqY }
rpc zqBytes(«NAME: bytes, »zqB: bytes) -> int public { «let zqNAME = zqBack(NAME) »return zqSize(zqB)« + zqSize(zqNAME)» }
fn zqSize(zqB: bytes) -> int = length(zqB)
fn zqBack(zqB: bytes) -> bytes { require length(zqB) > 0 else ZQ  return zqB }
stream zqLive(«NAME: int, ») access 1 > 0« && NAME > 0» gate 1 > 0« && NAME > 1» = ZqRow | zqPipe(«NAME, ») | sort .id | limit 3
stream zqDerived(«NAME: int, ») access 1 > 0« && NAME > 0» { return zqFn(«ZqRow | filter .zqN == NAME | count(), ») }
stream zqPublished(«NAME: int, ») -> [int] access 1 > 0« && NAME > 0» rate 5 per 1s by ("«{NAME}»") merge latest 5
  on subscribe { log info "«{NAME}»" } { return [«NAME, »] }
channel zqChannel(«NAME: int, ») -> { zqN: int } access 1 > 0« && NAME > 0» writable merge presence
room zqRoom(«NAME: int, ») access 1 > 0« && NAME > 0» {
  data = ZqRow | zqPipe(«NAME, ») | sort .id
  presence = { zqN: 1« + NAME» }
  cursors: { zqN: int } throttle 50ms
  rpc zqAct(zqY: int) -> int { return zqY« + NAME» }
}
room zqOther(zqX: int) public { cursors: { zqN: int }  rpc zqAct(«NAME: int, ») -> int { return zqX« + NAME» } }
signal zqSignal(«NAME: int, »)
rpc zqSend(zqId: id, «NAME: int, ») public { signal zqSignal(«NAME, ») to zqId  publish zqChannel(«NAME, ») join { key: "k", zqN: 1 } }
`},
	{"late", `
rpc zqLater(«NAME: time = now(), ») -> [time] public { return [«NAME, »] }
rpc zqNewId(«NAME: id = newId(), ») -> [id] public { return [«NAME, »] }
`},
	{"local", `
table ZqRow { id: id  zqN: int = 0  index (zqN) }
table ZqSet { zqN: int key }
type ZqA { zqKind: "a"  zqN: int }
type ZqB { zqKind: "b"  zqM: int }
type ZqU = ZqA | ZqB
fn zqFn(zqX: int) -> int { «let NAME = zqX + 1 require NAME > 0 else ZQ  » return 1« + NAME» }
fn zqMatch(zqX: ZqU) -> int { «let zqNAME = match zqX { ZqA NAME => NAME.zqN, ZqB NAME => NAME.zqM } » return 1« + zqNAME» }
guard zqGuard(zqX: int) -> { zqAdded: int } { «let NAME = zqX + 1  » return { zqAdded: 1« + NAME» } }
rpc zqLet(zqX: int, zqL: [int]) -> [int] guard zqGuard(zqX) {
  «let NAME = zqFn(zqX) + ctx.zqAdded »  let zqS = zqL as zqI | filter zqI > 1« && zqI > NAME» | sort zqFn(zqI) | map zqI« + NAME»
  let zqM = zqL as zqI | max(zqI« + NAME»)
  let zqAll = zqL as zqI | all(zqI > 1« && zqI > NAME»)
  let zqRow = insert ZqRow { zqN: 1« + NAME» }
  upsert ZqSet { zqN: zqX }
  update zqRow { zqN: .zqN« + NAME» }
  update ZqRow where .zqN == zqX { zqN: .zqN }
  delete ZqRow where .zqN == 1« || .zqN == NAME»
  let zqOld = ZqRow | filter .zqN > 1« && .zqN > NAME» | first()
  return concat(zqS, [zqM ?? 0, zqOld?.zqN ?? 0, if zqAll then 1 else 2])
}
rpc zqValue(zqX: int, zqL: [int]) -> [int] public { «let NAME = zqL as zqI | filter zqI > zqX | sum(zqI)  » return [«NAME, »] }
rpc zqOld(zqX: int) -> [int] public { «let NAME = ZqRow | filter .zqN > zqX | first()  » return [«NAME?.zqN ?? 0, »] }
rpc zqNew(zqX: int) public { «let NAME = insert ZqRow { zqN: zqX } update NAME { zqN: .zqN + 1 }  » }
rpc zqFor(zqL: [int], zqM: [string: int], zqT: [string]) -> int public {
  «for NAME in zqL { if zqFn(NAME) > 1 { return NAME } }
  for NAME, zqV in zqM { if NAME in zqT { return zqFn(zqV) } }
  for zqK, NAME in zqM { if zqK in zqT { return zqFn(NAME) } } »  return 0
}
rpc zqMatched(zqX: ZqU) -> int public {
  «match zqX { ZqA NAME => { log info "{NAME.zqN}" }  ZqB NAME => { log info "{zqFn(NAME.zqM)}" } } »  return 1
}
stream zqDerived(zqX: int) access zqX > 0 { «let NAME = ZqRow | filter .zqN == zqX | count()  » return [«NAME, »] }
stream zqPublished(zqX: int) -> [int] public merge latest 5
  on subscribe { «let NAME = zqFn(zqX)  log info "{NAME}"  » } { «let NAME = zqFn(zqX)  » return [«NAME, »] }
`},
	{"alias", `
table ZqRow { id: id  zqN: int = 0  index (zqN) }
fn zqFn(zqX: int) -> int { require zqX > 0 else ZQ  return zqX }
rpc zqList(zqL: [int], zqR: [ZqRow]) -> int public {
  «log info "x" {
    zqS: zqL as NAME | filter NAME > 1 | sort (zqFn(NAME), NAME) | map zqFn(NAME),
    zqT: zqL as NAME | min(zqFn(NAME)),
    zqA: zqL as NAME | avg(NAME),
    zqAny: zqR as NAME | any(NAME.zqN > 2),
    zqQ: ZqRow as NAME | filter NAME.zqN == 1 | map NAME.zqN
  } » return 1
}
`},
	{"field", `
type ZqType { «NAME: int  »zqL: [ZqType] = []  zqAt: time? = null }
«table ZqUniqueName { id: id  NAME: string unique  zqN: int = 0 server }
table ZqKeyName { NAME: string key  zqN: int = 0 }
rpc zqPutNAME(zqU: string) public { upsert ZqUniqueName { NAME: zqU }  upsert ZqKeyName { NAME: "x" } }
»table ZqRow { id: id  «NAME: int = 0  »zqKey: ZqKeyZq.zq  zqNext: id? = null  index (zqKey)  read if zqYes()« && .NAME >= 0» }
table ZqKeyZq { zq: string key  zqN: int = 0 }
fn zqYes() -> bool = true
rpc zqRpc(zqT: ZqType, zqR: ZqRow, zqP: ZqRow.patch, zqM: [string: { «NAME: time, » }]) -> { «NAME: int, » } public {
  let zqA = insert ZqRow { ...zqR«, NAME: zqT.NAME + 1» }
  update zqA zqP
  update zqA { «NAME: .NAME + 1, » }
  «update ZqRow where .NAME == 1 { NAME: .NAME + 1 } »  let zqOld = ZqRow | filter .zqKey == "x"« && .NAME == 7» | first()
  let zqS = zqT.zqL | sort (.zqAt«, .NAME») | filter .zqAt == null« && .NAME > 2»
  return { «NAME: (zqOld?.NAME ?? 1) + (zqS | count()), » }
}
stream zqLive(zqX: string) public = ZqRow | filter .zqKey == zqX | sort (.zqKey«, .NAME desc») | limit 3 | map { .id, «.NAME, » }
«stream zqJoinedNAME public = ZqRow | sort .id | limit 3 | join ZqKeyName? on .zqKey as zqK { .NAME }
»stream zqGroup public = ZqRow | group .zqKey { .zqKey, «NAME: sum(.NAME), » } | sort .zqKey | limit 3
«stream zqPublishedNAME -> [{ NAME: string, zqN: int }] public merge crud key NAME { return [] }
»signal zqSignal(zqT: ZqType)
rpc zqSend(zqId: id, zqT: { «NAME: int, » }) public { «publish zqPublishedNAME created { NAME: "x", zqN: zqT.NAME } » }
`},
	{"added", `
«guard zqGuardNAME(zqX: int) -> { NAME: int } { return { NAME: zqX } }
»guard zqFirst(zqX: int) { require zqX > 0 else ZQ }
rpc zqAdded(zqX: int) -> { «NAME: int, » } guard zqFirst(zqX)«, zqGuardNAME(zqX)» { return { «NAME: ctx.NAME, » } }
stream zqDerived(zqX: int) guard zqFirst(zqX)«, zqGuardNAME(zqX)» { return { «NAME: ctx.NAME, » } }
`},
	{"member", `
channel zqChannel -> { «NAME: int, » } public writable merge presence
channel zqPointer -> { «NAME: int, » } public writable merge cursor
room zqRoom(zqX: int) public { presence: { «NAME: int, » } = { «NAME: zqX, » }  cursors: { «NAME: int, » } }
`},
	{"join", `
table ZqOther { id: id  zqT: string }
table ZqRow { id: id  zqOther: ZqOther.id  zqAt: time = now() }
«stream zqLiveNAME public = ZqRow | sort .id | limit 3 | join ZqOther on .zqOther as NAME { .zqT }
rpc zqRpcNAME() -> [string] public { return ZqRow | join ZqOther? on .zqOther as NAME | map .NAME?.zqT ?? "" }
»`},
	{"type", `
«type Name { zqN: int  zqAt: time  zqL: [Name] = [] }
rpc zqRpcNAME(zqX: Name) -> Name public { return Name { ...zqX, zqN: 2 } }
»rpc zqBytes(zqB: bytes, zqD: time) -> { zqB: bytes, zqD: time } public { return { zqB, zqD } }
`},
	{"table", `
«table Name { id: id  zqN: int = 0  zqAt: time?  index (zqN)  read if .zqN >= 0  write if .zqN < 100 }
rpc zqPutNAME(zqX: Name, zqP: Name.patch) -> Name public { return update (insert Name { ...zqX, zqN: 2 }) zqP }
stream zqLiveNAME(zqX: int) public = Name | filter .zqN == zqX | sort .id | limit 3
»`},
	{"enum", `
«type Name = "a" | "b"
»type ZqE = "zqb"« | "NAME"»
table ZqRow { id: id  zqB: ZqE = "zqb" «zqOfNAME: Name = "a" » }
fn zqFn(zqX: ZqE) -> ZqE = match zqX { "zqb" => "zqb"«, "NAME" => "NAME"» }
«rpc zqRpcNAME(zqX: Name) -> Name public { return if zqX < "b" then "b" else zqX }
»rpc zqRpc(zqY: ZqE, zqZ: "zqc"« | "NAME"») -> ZqE public {
  insert ZqRow { zqB: zqY }
  «if zqY < zqFn("NAME") && zqZ == "NAME" { return "NAME" } »  return zqY
}
stream zqLive public = ZqRow | filter .zqB == "zqb"« || .zqB == "NAME"» | sort .zqB | limit 3
`},
	{"union", `
«type Name { zqKind: "NAME"  zqN: int }
»type ZqB { zqKind: "zq"  zqM: int }
type ZqU = ZqB« | Name»
fn zqFn(zqX: ZqU) -> int = match zqX { ZqB zqB => zqB.zqM« Name zqA => zqA.zqN» }
rpc zqRpc(zqX: ZqU) -> ZqU? public { «if zqX is Name { return null }  » require zqFn(zqX) > 0 else ZQ  return zqX }
`},
	{"unionname", `
«type ZqAName { NAME: "a"  zqN: int }
type ZqBName { NAME: "b"  zqM: time }
type Name = ZqAName | ZqBName
rpc zqRpcNAME(zqX: Name) -> [Name] public { if zqX.NAME == "a" { return [zqX] }  return [] }
»`},
	{"shape", `
«rpc NAME(zqT: time) -> { zqN: int, zqIn: { zqAt: time } } public { return { zqN: 1, zqIn: { zqAt: zqT } } }
»rpc zqRpc(«NAME: { zqN: int, zqIn: { zqAt: time } }, ») public { «log info "{NAME.zqN}"  » }
type ZqT { zq: int «NAME: { zqN: int }  » }
rpc zqT(zqX: ZqT) -> ZqT public { return zqX }
`},
	{"code", `
fn zqFn(zqX: int) -> int { «require zqX > 1 else CODE "{zqX}" »  return zqX }
rpc zqRpc(zqX: int) -> int public { «if zqX > 5 { fail CODE } »  return zqFn(zqX) }
`},
	{"setting", `
env { «CODE: int(1..9) = 3  ZQ_CODE: "NAME" | "zqx" = "NAME" »}
rpc zqRpc() public { «log info "{env.CODE}{env.ZQ_CODE}"  » }
`},
}

// modulePlace is the place of the name of a module.
const modulePlace = "module"

// own is a module whose name is under test.
const own = `
type ZqT { zqN: int }
table ZqRow { id: id  zqN: int = 0 }
fn zqFn(zqX: int) -> int { require zqX > 0 else ZQ  return zqX }
rpc zqRpc(zqX: ZqT) -> ZqT public { insert ZqRow { zqN: zqFn(zqX.zqN) }  return zqX }
`

// base is a module of every app.
const base = `
table ZqUser { id: id  zqNick: string }
upgrade -> ZqUser? = session()
rpc zqIn(zqNick: string) -> ZqUser public { return startSession(insert ZqUser { zqNick }) }
guard zqSigned { require ctx.user != null else UNAUTHORIZED }
rpc zqMe() -> string guard zqSigned { return ctx.user.zqNick }
`

// callers call functions from an int to an int from everywhere.
const callers = `
table ZqRow { id: id  zqN: int = 0  zqM: string = "x"  index (zqN) }
table ZqSet { zqN: int key  zqM: string }
fn zqFn(zqX: int) -> int { require zqX > 0 else ZQ  return zqX« + NAME(zqX)» }
guard zqGuard(zqX: int) -> { zqAdded: int } {
  «require NAME(zqX) > 1 else ZQ "{NAME(zqX)}" »  return { zqAdded: zqX« + NAME(zqX)» }
}
rpc zqRpc(zqX: int, zqL: [int], zqM: [string: int], zqD: int = 4) -> [int]
  guard zqGuard(zqX« + NAME(zqX)»)
  access zqX > 0« && NAME(zqX) > 0»
  rate 5 per 1s by ("{zqX}«{NAME(zqX)}»")
{
  let zqY = ctx.zqAdded« + NAME(zqX)»
  for zqZ in zqL as zqI | sort (zqI«, NAME(zqI)») { «if NAME(zqZ) > zqD { return [NAME(zqZ)] }  » }
  for zqK, zqV in zqM { insert ZqRow { zqN: zqV« + NAME(zqV)», zqM: zqK } }
  let zqRow = insert ZqRow { zqN: zqY }
  upsert ZqSet { zqN: zqY« + NAME(zqY)», zqM: "y" }
  update zqRow { zqN: .zqN« + NAME(.zqN)» }
  update ZqRow where .zqN == zqX { zqN: .zqN }
  publish zqPublished set 3« + NAME(3)»
  publish zqChannel(4« + NAME(4)») join { key: "k", zqN: 5« + NAME(5)» }
  log info "«{NAME(6)}»" { zqX: zqFn(7« + NAME(7)») }
  let zqMost = zqL as zqI | max(zqI« + NAME(zqI)»)
  let zqSome = zqL as zqI | any(zqI > 3« && NAME(zqI) > 3»)
  return zqL as zqI | filter zqSome« && NAME(zqI) > 2» | map (zqMost ?? 0)« + NAME(zqI)»
}
stream zqLive(zqX: int) access zqX > 0« && NAME(zqX) > 0» gate zqX > 1« && NAME(zqX) > 1» = ZqRow | filter .zqN == zqX | sort .id | limit 5
stream zqDerived(zqX: int) access zqX > 0« && NAME(zqX) > 0» { let zqN = ZqRow | count()  return zqN« + NAME(zqN)» }
stream zqPublished -> int public merge set on subscribe { log info "«{NAME(1)}»" } { return 1« + NAME(1)» }
channel zqChannel(zqX: int) -> { zqN: int } access zqX > 0« && NAME(zqX) > 0» writable merge presence
room zqRoom(zqX: int) access zqX > 0« && NAME(zqX) > 0» {
  data = ZqRow | filter .zqN == zqX | sort .id
  presence = { zqN: zqX« + NAME(zqX)» }
  rpc zqAct -> int { return zqX« + NAME(zqX)» }
}
`
