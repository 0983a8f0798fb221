package emitts

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/livec-lang/livec/client"
	"github.com/livec-lang/livec/compiler"
	"github.com/livec-lang/livec/emit"
	"github.com/livec-lang/livec/internal/golden"
)

// generated returns the files of a program. own leaves out the files of the client runtime, which are the same for all programs.
func generated(t *testing.T, p *compiler.App) (all []emit.File, own *txtar.Archive) {
	t.Helper()
	all, err := Emit(p)
	if err != nil {
		t.Fatal(err)
	}
	runtime, err := client.Files()
	if err != nil {
		t.Fatal(err)
	}
	same := map[string]bool{}
	for _, f := range runtime {
		same["client/"+f.Path] = f.Path != client.ContractFile
	}
	own = &txtar.Archive{}
	for _, f := range all {
		if !same[f.Path] {
			own.Files = append(own.Files, txtar.File{Name: f.Path, Data: f.Data})
		}
	}
	return all, own
}

func TestGolden(t *testing.T) {
	_, own := generated(t, program())
	got := string(txtar.Format(own))
	golden.File(t, "testdata/everything.txtar", []byte(got))
	if _, again := generated(t, program()); string(txtar.Format(again)) != got {
		t.Error("the same program gave other files")
	}
}

// use is a program that uses the generated client as apps do. @ts-expect-error marks lines that TypeScript must refuse.
const use = `
import { batch, combine, configure, connection, failed, RpcError, type ErrorCode } from '$live'
import * as chat from '$live/chat'
import { board, grow, plant, plaza, type Form } from '$live/rooms/lobby'

configure({ url: 'wss://example.com', offline: { maxQueue: 5 } })
connection.subscribe((c) => c.state === 'open')

export async function all() {
  const sent: chat.Message = await chat.send('lobby', 'hi')
  const day: number = sent.sentAt.getDate()
  // @ts-expect-error a string is wanted
  chat.send('lobby', 42)
  // @ts-expect-error two arguments are wanted
  chat.send('lobby')
  chat.edit('1', { note: null }, { name: 'Ada' })
  // @ts-expect-error a name cannot be null
  chat.edit('1', { name: null }, { name: 'Ada' }, 'because')
  // @ts-expect-error the server sets the score
  chat.edit('1', {}, { name: 'Ada', score: 1 })
  // @ts-expect-error a secret field is set by the server only
  chat.edit('1', {}, { name: 'Ada', password: 'x' })
  const user = await chat.signIn('Ada')
  // @ts-expect-error a secret is not sent
  user.password
  await chat.delete.fresh('1')
  const [a, b] = await batch(() => [chat.look(), chat.weather()])
  const letters: ('a' | 'b')[] | null = a
  const time: Date | null | undefined = b['now']
  try {
    await chat.send('a', 'b')
  } catch (e) {
    if (failed(chat.send, e)) {
      const code: ErrorCode<typeof chat.send> = e.code
      if (e.code === 'NOT_FOUND' || e.code === 'TIMEOUT') return code
      // @ts-expect-error no such code
      if (e.code === 'NO_SUCH_CODE') return
    }
    if (e instanceof RpcError) return e.issues?.[0]?.path
  }
  return [day, letters, time]
}

export function streams() {
  const history = chat.messages('lobby')
  history.subscribe((m) => {
    for (const x of m ?? []) x.text
    if (m?.error) m.error.code
  })
  chat.total.subscribe((n) => {
    // @ts-expect-error it may be an error
    n?.toFixed()
    if (n && !n.error) n.toFixed()
  })
  const texts: string[] | undefined = history.current?.map((m) => m.text)
  history.optimistic('created', { id: '1', text: 'hi' }, chat.send('a', 'hi'))
  history.optimistic('set', [])
  // @ts-expect-error no such event
  history.optimistic('delted', { id: '1' })
  // @ts-expect-error a row has no such field
  history.optimistic('updated', { id: '1', txt: 'hi' })
  chat.total.optimistic('set', 1)
  // @ts-expect-error one value has no rows
  chat.total.optimistic('created', 1)
  chat.activity.optimistic('said', { id: '1', text: 'hi' })
  const shown = history.when(true).current?.length
  const both = combine(history, chat.total, (m, n) => m.length + n)
  const sum: number | undefined = both.current
  chat.last.subscribe((m) => {
    if (m === null) return
    if (m && !m.error) m.sentAt.getTime()
  })
  chat.typing('lobby').publish({ name: 'Ada' })
  chat.typing('lobby').publish({ name: 'Ada' }, 'leave')
  // @ts-expect-error no such event
  chat.typing('lobby').publish({ name: 'Ada' }, 'created')
  chat.typing('lobby').optimistic('join', { key: '1', name: 'Ada' })
  // @ts-expect-error no such event
  chat.typing('lobby').optimistic('updated', { key: '1', name: 'Ada' })
  plaza.cursors.optimistic('remove', { key: '1' })
  // @ts-expect-error no such event
  plaza.cursors.publish({ x: 1, y: 2 }, 'join')
  grow(new ArrayBuffer(3), 'a')
  grow(new Uint8Array(3), 'a')
  grow(new DataView(new ArrayBuffer(3)), 'a')
  // @ts-expect-error text is no bytes
  grow('abc', 'a')
  // @ts-expect-error the server sets the key
  chat.typing('lobby').publish({ key: '1', name: 'Ada' })
  // @ts-expect-error nobody writes it but the server
  chat.news.publish('x')
  chat.ring.on((from, at, sdp: unknown) => [from.name, at.getTime(), sdp])
  return [texts, shown, sum]
}

export async function rooms() {
  board.data('1').current?.[0]?.sentAt.getTime()
  board.cursors('1').move({ x: 1, y: 2 })
  board.presence('1').update({ name: 'Ada' })
  board.presence('1').current?.[0]?.key.length
  plaza.presence.current?.length
  plaza.cursors.move({ x: 1, y: 2 })
  const m: chat.Message = await board.rename('1', 'Plans')
  const form: Form = await plant(
    { name: 'oak', children: [] }, { kind: 'square', at: new Date() }, new Date(), { day: 1, at: new Date(), file: new Uint8Array() })
  return form.kind === 'square' ? [form.at.getTime(), form.side, m] : form.radius
}
`

// strictest are the strictest options of TypeScript.
const strictest = `{
  "extends": "./client/live.tsconfig.json",
  "compilerOptions": {
    "strict": true, "target": "es2022", "module": "esnext", "moduleResolution": "bundler", "lib": ["es2022", "dom"], "types": [],
    "noEmit": true, "noUnusedLocals": true,
    "noUncheckedIndexedAccess": true, "exactOptionalPropertyTypes": true,
    "verbatimModuleSyntax": true, "isolatedModules": true, "isolatedDeclarations": true, "declaration": true,
    "noPropertyAccessFromIndexSignature": true
  },
  "include": ["*.ts", "client/**/*.ts"]
}`

// writeApp writes generated files and others into a folder.
func writeApp(t *testing.T, files []emit.File) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// tool returns the path of a command from the client's npm packages.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs("../../client/node_modules/.bin/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skip("the npm packages of client are not installed")
	}
	return path
}

// TestTypes type-checks the generated client, and a program that uses it.
func TestTypes(t *testing.T) {
	tsc := tool(t, "tsc")
	all, _ := generated(t, program())
	use := strings.Replace(use, "\nexport async function all()", "\nexport async function all(): Promise<unknown>", 1)
	use = strings.Replace(use, "function streams()", "function streams(): unknown", 1)
	use = strings.Replace(use, "function rooms()", "function rooms(): Promise<unknown>", 1)
	dir := writeApp(t, append(all, emit.File{Path: "use.ts", Data: []byte(use)}, emit.File{Path: "tsconfig.json", Data: []byte(strictest)}))
	if out, err := exec.Command(tsc, "-p", dir, "--skipLibCheck", "false").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
