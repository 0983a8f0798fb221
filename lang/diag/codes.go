package diag

// Code is the stable name of a kind of diagnostic, such as LIVE0107. It never changes its meaning, and a code that is no longer given is not given anew to something else.
//
// The comment behind a constant is the code's title, which its page explain/CODE.md has too.
type Code string

// LIVE00xx: the text, and its syntax.
const (
	CodeCharacter   Code = "LIVE0001" // a character means nothing here
	CodeOpenString  Code = "LIVE0002" // a string or an interpolation is never closed
	CodeEscape      Code = "LIVE0003" // an escape in a string is not known
	CodeNumber      Code = "LIVE0004" // a number is written in a way that means nothing
	CodeNumberRange Code = "LIVE0005" // a number is too large to be exact
	CodePattern     Code = "LIVE0006" // a pattern is never closed, or stands outside of a refinement
	CodeDeclaration Code = "LIVE0010" // a word starts no declaration
	CodeColumn      Code = "LIVE0011" // a declaration does not start in column 1, or something else does
	CodeExpected    Code = "LIVE0012" // something else is expected here
	CodeMissing     Code = "LIVE0013" // a part is missing
	CodeUnclosed    Code = "LIVE0014" // a brace is never closed
	CodeReserved    Code = "LIVE0015" // a word of the language is used as a name
	CodeBrace       Code = "LIVE0016" // a record stands where the brace of a body is expected
	CodeRepeated    Code = "LIVE0017" // a part stands twice
	CodeTooDeep     Code = "LIVE0018" // the text is nested too deeply
)

// LIVE01xx: names and modules.
const (
	CodeUnknownName   Code = "LIVE0101" // a name is not known here
	CodeDuplicate     Code = "LIVE0102" // a name is declared twice
	CodeUnknownModule Code = "LIVE0103" // a module does not exist
	CodeNotDeclared   Code = "LIVE0104" // a module does not declare a name
	CodeUnused        Code = "LIVE0105" // a name is never used
	CodeNameCase      Code = "LIVE0106" // a name is written in another case than its kind asks for
	CodeWrongKind     Code = "LIVE0107" // a name stands for something else than is needed here
	CodeShadow        Code = "LIVE0108" // a variable takes the name of another one in sight
	CodeReservedName  Code = "LIVE0109" // a name belongs to the language
)

// LIVE02xx: types.
const (
	CodeTypeMismatch   Code = "LIVE0201" // a value has another type than is needed
	CodeUnknownField   Code = "LIVE0202" // a record has no such field
	CodeMissingField   Code = "LIVE0203" // a record lacks a field
	CodeMaybeNull      Code = "LIVE0204" // a value may be null where it must not be
	CodeRefinement     Code = "LIVE0205" // a literal does not fit a refinement
	CodeBadRefinement  Code = "LIVE0206" // a refinement makes no sense for its type
	CodeOperands       Code = "LIVE0207" // an operator cannot take these operands
	CodeArguments      Code = "LIVE0208" // a call has too many or too few arguments
	CodeNotCallable    Code = "LIVE0209" // what is called cannot be called
	CodeNoType         Code = "LIVE0210" // the type of a value cannot be told
	CodeRecursiveType  Code = "LIVE0211" // a type contains itself without end
	CodeBadUnion       Code = "LIVE0212" // the members of a union cannot be told apart
	CodeDuplicateField Code = "LIVE0213" // a field stands twice
	CodeServerField    Code = "LIVE0214" // a field that only the server sets is taken from a client
	CodeSecretField    Code = "LIVE0215" // a secret field would leave the server
	CodeUnknownUser    Code = "LIVE0216" // ctx.user is read where there is none
	CodeSecretDecides  Code = "LIVE0217" // a secret would decide what somebody outside can see
	CodeSecretKept     Code = "LIVE0218" // a secret would be kept or passed on where it is not secret
	CodeRowColumn      Code = "LIVE0220" // a column would hold a copy of a row
)

// LIVE03xx: declarations, who may do what, guards.
const (
	CodeUncovered       Code = "LIVE0301" // an entry point has no guard, access or public
	CodePublicGuarded   Code = "LIVE0302" // public stands beside a guard or access
	CodeGuardArguments  Code = "LIVE0303" // a guard is not given what it needs
	CodeGuardCycle      Code = "LIVE0304" // guards build on each other in a circle
	CodeClause          Code = "LIVE0305" // a clause does not belong here
	CodeDuplicateClause Code = "LIVE0306" // a clause stands twice
	CodeTwice           Code = "LIVE0307" // an app has one of these only
	CodeColumns         Code = "LIVE0308" // a key or an index names no field that can be one
	CodeOptionalPolicy  Code = "LIVE0309" // an optional is compared where null would open a door
	CodeDefault         Code = "LIVE0310" // a default is no constant
	CodeSetting         Code = "LIVE0311" // an app has no such setting
	CodeParameterOrder  Code = "LIVE0312" // a parameter that may be omitted stands before one that may not
	CodeRecursion       Code = "LIVE0313" // a function calls itself without end
	CodeImpure          Code = "LIVE0314" // this may only read
	CodeNoSession       Code = "LIVE0315" // sessions name another table
	CodeWebhookPath     Code = "LIVE0316" // two webhooks have one path
	CodeSchedule        Code = "LIVE0317" // a schedule or a time zone does not exist
	CodeMigration       Code = "LIVE0318" // a migration does not fit its table
	CodeExternOrder     Code = "LIVE0319" // an outside function is called between writes
	CodeExtern          Code = "LIVE0320" // the Go package of an outside function is no import path
	CodeExternType      Code = "LIVE0321" // an outside function cannot know a type of the app
	CodeShortKey        Code = "LIVE0322" // a key of web tokens is too short
)

// LIVE04xx: pipelines and live queries.
const (
	CodeStage        Code = "LIVE0401" // a stage cannot stand here
	CodeStageValue   Code = "LIVE0402" // a stage needs another kind of value
	CodeNoRow        Code = "LIVE0403" // there is no row here whose field could be read
	CodeJoin         Code = "LIVE0404" // a join does not name the one row it is with
	CodeAggregate    Code = "LIVE0405" // an aggregate stands outside a group, or over the wrong type
	CodePipeTable    Code = "LIVE0406" // a pipe is for rows of another kind
	CodeUnplannable  Code = "LIVE0410" // a pipeline has no relational form
	CodeNotLive      Code = "LIVE0411" // a pipeline cannot be kept up to date exactly
	CodeMissingIndex Code = "LIVE0412" // a query looks through a table row by row
)

// LIVE05xx: statements, and the flow through them.
const (
	CodeUnreachable     Code = "LIVE0501" // a statement is never reached
	CodeNoReturn        Code = "LIVE0502" // a body can end without its result
	CodeReturnValue     Code = "LIVE0503" // a result is given where there is none
	CodeIncompleteMatch Code = "LIVE0504" // a match leaves a value out
	CodeUselessArm      Code = "LIVE0505" // an arm of a match can never be taken
	CodeNoEffect        Code = "LIVE0506" // an expression stands where only its effect would matter
	CodeWrite           Code = "LIVE0507" // what is written is no row of a table
	CodeUpsertKey       Code = "LIVE0508" // an upsert does not name the row it is about
	CodeErrorCode       Code = "LIVE0509" // an error code is not one, or belongs to the system
	CodeStatement       Code = "LIVE0510" // a statement does not belong here
	CodeLogLevel        Code = "LIVE0511" // there is no such log level
)

// LIVE06xx: published streams, channels, rooms, effects.
const (
	CodePublishLive     Code = "LIVE0601" // an event is published by hand to a live stream
	CodeEvent           Code = "LIVE0602" // a stream has no such event
	CodeMerge           Code = "LIVE0603" // a merge does not fit what it merges
	CodeStreamForm      Code = "LIVE0604" // a stream is neither live, derived nor published
	CodeCycle           Code = "LIVE0605" // derived streams or effects go in a circle
	CodeRoomPart        Code = "LIVE0606" // a room has no such part
	CodePresence        Code = "LIVE0607" // a presence is no record
	CodeSharedRequest   Code = "LIVE0608" // a value that callers share is made of the request of one
	CodePublishedPolicy Code = "LIVE0610" // rows go to those whom their policy is not asked about
	CodePublishedCaller Code = "LIVE0609" // a published stream reads its caller
	CodeNotEmitted      Code = "LIVE0690" // a construct is checked, but not built yet
)

// LIVE09xx: the tools.
const ()
