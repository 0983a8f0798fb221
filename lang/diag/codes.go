package diag

// Code is the stable name of a kind of diagnostic, such as LIVE0107. A code never changes its meaning, and the code of a
// diagnostic that is gone is never used for another one.
//
// The comment after a constant is the title of the code. Its page explain/CODE.md has the same title.
type Code string

// LIVE00xx: the text, and its syntax.
const (
	CodeCharacter   Code = "LIVE0001" // a character has no meaning here
	CodeOpenString  Code = "LIVE0002" // a string or an interpolation is never closed
	CodeEscape      Code = "LIVE0003" // an escape in a string is unknown
	CodeNumber      Code = "LIVE0004" // a number is malformed
	CodeNumberRange Code = "LIVE0005" // a number is too large to be exact
	CodePattern     Code = "LIVE0006" // a pattern is never closed, or is outside a refinement
	CodeDeclaration Code = "LIVE0010" // a word does not start a declaration
	CodeColumn      Code = "LIVE0011" // a declaration must start in column 1, and only a declaration may
	CodeExpected    Code = "LIVE0012" // something else is expected here
	CodeMissing     Code = "LIVE0013" // a part is missing
	CodeUnclosed    Code = "LIVE0014" // a brace is never closed
	CodeReserved    Code = "LIVE0015" // a reserved word is used as a name
	CodeBrace       Code = "LIVE0016" // a record is written where a body is expected
	CodeRepeated    Code = "LIVE0017" // a part appears twice
	CodeTooDeep     Code = "LIVE0018" // the text is nested too deeply
)

// LIVE01xx: names and modules.
const (
	CodeUnknownName   Code = "LIVE0101" // a name is unknown here
	CodeDuplicate     Code = "LIVE0102" // a name is declared twice
	CodeUnknownModule Code = "LIVE0103" // a module does not exist
	CodeNotDeclared   Code = "LIVE0104" // a module does not declare a name
	CodeUnused        Code = "LIVE0105" // a name is never used
	CodeNameCase      Code = "LIVE0106" // a name has the wrong case
	CodeWrongKind     Code = "LIVE0107" // a name is of the wrong kind
	CodeShadow        Code = "LIVE0108" // a variable hides another variable
	CodeReservedName  Code = "LIVE0109" // a name is reserved by the language
	CodeRune          Code = "LIVE0110" // a name is that of a rune of Svelte
	CodeSameName      Code = "LIVE0111" // two names become one in the database or in file names
)

// LIVE02xx: types.
const (
	CodeTypeMismatch   Code = "LIVE0201" // a value has the wrong type
	CodeUnknownField   Code = "LIVE0202" // a record has no such field
	CodeMissingField   Code = "LIVE0203" // a record lacks a field
	CodeMaybeNull      Code = "LIVE0204" // a value may be null where it must not be
	CodeRefinement     Code = "LIVE0205" // a literal does not fit a refinement
	CodeBadRefinement  Code = "LIVE0206" // a refinement does not fit its type
	CodeOperands       Code = "LIVE0207" // an operator cannot take these operands
	CodeArguments      Code = "LIVE0208" // a call has too many or too few arguments
	CodeNotCallable    Code = "LIVE0209" // this cannot be called
	CodeNoType         Code = "LIVE0210" // the type of a value cannot be inferred
	CodeRecursiveType  Code = "LIVE0211" // a type contains itself without end
	CodeBadUnion       Code = "LIVE0212" // the members of a union cannot be distinguished
	CodeDuplicateField Code = "LIVE0213" // a field appears twice
	CodeServerField    Code = "LIVE0214" // a field that only the server sets is taken from a client
	CodeSecretField    Code = "LIVE0215" // a secret field would leave the server
	CodeUnknownUser    Code = "LIVE0216" // ctx.user is read where there is none
	CodeSecretDecides  Code = "LIVE0217" // a secret would decide what is visible outside the server
	CodeSecretKept     Code = "LIVE0218" // a secret would be stored or passed on where it is not secret
	CodeRowColumn      Code = "LIVE0220" // a column would store a copy of a row
)

// LIVE03xx: declarations, who may do what, guards.
const (
	CodeUncovered       Code = "LIVE0301" // an entry point has no guard, access or public
	CodePublicGuarded   Code = "LIVE0302" // public is combined with a guard or access
	CodeGuardArguments  Code = "LIVE0303" // a guard gets the wrong arguments
	CodeGuardCycle      Code = "LIVE0304" // guards depend on each other in a cycle
	CodeClause          Code = "LIVE0305" // a clause does not belong here
	CodeDuplicateClause Code = "LIVE0306" // a clause appears twice
	CodeTwice           Code = "LIVE0307" // an app can have only one of these
	CodeColumns         Code = "LIVE0308" // a field cannot be part of a key or an index
	CodeOptionalPolicy  Code = "LIVE0309" // an optional value is compared where null would allow too much
	CodeDefault         Code = "LIVE0310" // a default is not a constant
	CodeSetting         Code = "LIVE0311" // an app has no such setting
	CodeParameterOrder  Code = "LIVE0312" // a required parameter follows an optional one
	CodeRecursion       Code = "LIVE0313" // a function calls itself without end
	CodeImpure          Code = "LIVE0314" // only reads are allowed here
	CodeNoSession       Code = "LIVE0315" // sessions belong to another table
	CodeWebhookPath     Code = "LIVE0316" // two webhooks have the same path
	CodeSchedule        Code = "LIVE0317" // a schedule or a time zone does not exist
	CodeMigration       Code = "LIVE0318" // a migration does not fit its table
	CodeExternOrder     Code = "LIVE0319" // an extern function is called between writes
	CodeExtern          Code = "LIVE0320" // the Go package of an extern function is not an import path
	CodeExternType      Code = "LIVE0321" // an extern function cannot take or return this type
	CodeShortKey        Code = "LIVE0322" // a key of web tokens is too short
)

// LIVE04xx: pipelines and live queries.
const (
	CodeStage        Code = "LIVE0401" // a stage cannot be used here
	CodeStageValue   Code = "LIVE0402" // a stage needs another kind of value
	CodeNoRow        Code = "LIVE0403" // there is no row to read a field of
	CodeJoin         Code = "LIVE0404" // a join does not identify one row
	CodeAggregate    Code = "LIVE0405" // an aggregate is outside a group, or has the wrong type
	CodePipeTable    Code = "LIVE0406" // a pipe works on other rows
	CodeUnplannable  Code = "LIVE0410" // the database cannot run a pipeline
	CodeNotLive      Code = "LIVE0411" // a pipeline cannot be kept up to date exactly
	CodeMissingIndex Code = "LIVE0412" // a query reads every row of a table
	CodeLimitFirst   Code = "LIVE0413" // rows are sorted after a limit has chosen them
	CodeWholeTable   Code = "LIVE0414" // a live stream has every row of a table
)

// LIVE05xx: statements, and the flow through them.
const (
	CodeUnreachable     Code = "LIVE0501" // a statement is never reached
	CodeNoReturn        Code = "LIVE0502" // a body can end without its result
	CodeReturnValue     Code = "LIVE0503" // a result is returned where none is declared
	CodeIncompleteMatch Code = "LIVE0504" // a match does not cover every value
	CodeUselessArm      Code = "LIVE0505" // an arm of a match never matches
	CodeNoEffect        Code = "LIVE0506" // an expression does nothing
	CodeWrite           Code = "LIVE0507" // only rows of tables can be written
	CodeUpsertKey       Code = "LIVE0508" // an upsert does not identify its row
	CodeErrorCode       Code = "LIVE0509" // an error code is malformed or reserved
	CodeStatement       Code = "LIVE0510" // a statement does not belong here
	CodeLogLevel        Code = "LIVE0511" // a log level does not exist
)

// LIVE06xx: published streams, channels, rooms, effects.
const (
	CodePublishLive     Code = "LIVE0601" // an event is published to a live or derived stream
	CodeEvent           Code = "LIVE0602" // a stream has no such event
	CodeMerge           Code = "LIVE0603" // a merge does not fit its type
	CodeStreamForm      Code = "LIVE0604" // a stream is neither live, derived nor published
	CodeCycle           Code = "LIVE0605" // derived streams or effects form a cycle
	CodeRoomPart        Code = "LIVE0606" // a room has no such part
	CodePresence        Code = "LIVE0607" // a presence is not a record
	CodeSharedRequest   Code = "LIVE0608" // a shared value depends on the request of one caller
	CodePublishedPolicy Code = "LIVE0610" // rows are sent to users whom their policy may not allow
	CodePublishedCaller Code = "LIVE0609" // a published stream reads its caller
	CodeNewestFirst     Code = "LIVE0611" // new items come after a list that has the newest first
	CodeCouldBeLive     Code = "LIVE0612" // a derived stream could be live
	CodeNotEmitted      Code = "LIVE0690" // livec cannot build a construct yet
)
