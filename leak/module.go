package leak

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/livec-lang/livec/lang/source"
	"github.com/livec-lang/livec/leak/play"
)

// app is the module that all random modules use: the users, and the caller. Each user has a secret.
const app = `table User {
  id:     id
  name:   string
  role:   string = "member"
  zqpass: string = "" secret
}
env { APP_KEY: string secret }
upgrade -> User? = session()
guard signedIn { require ctx.user != null else UNAUTHORIZED }
rpc join(id: id, name: string, pass: string) public { insert User { id, name, zqpass: pass } }
rpc enter(id: id) public {
  let user = User | find(id)
  require user != null else NOT_FOUND
  startSession(user)
}
`

// outsidePackage is the import path of the extern functions.
const outsidePackage = "github.com/livec-lang/livec/leak/outside"

// chunk is some declarations of a module that belong together, and the steps of clients that use them.
type chunk struct {
	what  string // for people: the door, and the transfers before it
	text  string
	open  []play.Step // subscriptions, opened before the calls
	act   []play.Step
	needs bool // other chunks use it
}

// Program is one random module.
type Program struct {
	Name   string
	Seed   [2]uint64
	chunks []chunk
	Leak   []string // the parts of its leak, from the source to the door; nil for a program without one
	kept   [databases][]string
	rows   []play.Step // steps that insert rows
	script []play.Step // of TestCallers: all steps

	presence, policy bool // of TestCallers, as in play.Module
}

// Text is the source of the module.
func (p *Program) Text() string {
	var b strings.Builder
	var body strings.Builder
	for _, c := range p.chunks {
		body.WriteString(c.text)
	}
	var used []string
	for _, name := range []string{"User", "signedIn"} {
		if strings.Contains(body.String(), name) {
			used = append(used, name)
		}
	}
	if len(used) > 0 {
		b.WriteString("use app { " + strings.Join(used, ", ") + " }\n")
	}
	b.WriteString(body.String())
	return b.String()
}

func (p *Program) file() *source.File {
	return &source.File{Path: p.Name + ".live", Module: p.Name, Text: p.Text()}
}

func appFile() *source.File { return &source.File{Path: "app.live", Module: "app", Text: app} }

// steps are what clients do with it.
func (p *Program) steps() []play.Step {
	if p.script != nil {
		return p.script
	}
	rows := len(p.rows) / 3 * 2
	steps := slices.Clone(p.rows[:rows])
	for _, c := range p.chunks {
		steps = append(steps, c.open...)
	}
	steps = append(steps, play.Step{Do: play.Overview})
	for _, c := range p.chunks {
		steps = append(steps, c.act...)
	}
	steps = append(steps, play.Step{Do: play.Advance})
	steps = append(steps, p.rows[rows:]...)
	for _, c := range p.chunks {
		for _, s := range c.act {
			if s.Do == play.Call {
				s.Do = play.Post
			}
			steps = append(steps, s)
		}
		for _, s := range c.open {
			if s.Do == play.Subscribe {
				s.Do = play.Get
				steps = append(steps, s)
			}
		}
	}
	for i := range steps {
		if steps[i].Name != "" {
			steps[i].Name = p.Name + "/" + steps[i].Name
		}
	}
	return append(steps, play.Step{Do: play.Overview})
}

// builder makes a program.
type builder struct {
	r       *rand.Rand
	p       *Program
	columns map[kind]bool // columns of table Acc
	copies  map[kind]bool // columns of table Copy
	types   map[string]bool
	fns     strings.Builder // functions, guards and signals that the current chunk needs
	n       int             // number of names that were made
	path    []string        // of the current flow
	secret  bool            // flows start at secrets; otherwise at public values
	reads   bool            // the current chunk must not write
}

func (b *builder) name(prefix string) string {
	b.n++
	return fmt.Sprintf("%s%d", prefix, b.n)
}

// declare adds types to the module.
func (b *builder) declare(text string) {
	if !b.types[text] {
		b.types[text] = true
		b.fns.WriteString(text + "\n")
	}
}

// pick returns one of some values.
func pick[T any](b *builder, of ...T) T { return of[b.r.IntN(len(of))] }

func (b *builder) chance(percent int) bool { return b.r.IntN(100) < percent }

// took records a step of the flow from the secret to the door.
func (b *builder) took(part string) { b.path = append(b.path, part) }

// add adds a chunk, with the functions that it needs.
func (b *builder) add(c chunk) {
	c.text = b.fns.String() + c.text
	b.fns.Reset()
	b.p.chunks = append(b.p.chunks, c)
}

// Random makes the program of a seed.
func Random(seed, index uint64) *Program {
	r := rand.New(rand.NewPCG(seed, index)) //nolint:gosec // a program can be made again from its seed
	b := &builder{r: r, p: &Program{Name: fmt.Sprintf(
		"m%d", index,
	), Seed: [2]uint64{seed, index}}, columns: map[kind]bool{}, copies: map[kind]bool{}, types: map[string]bool{}}
	if b.chance(60) {
		b.secret = true
		leakers[b.r.IntN(len(leakers))](b)
		b.p.Leak = b.path
		b.secret = false
		for range b.r.IntN(3) {
			harmless[b.r.IntN(len(harmless))](b)
		}
	} else {
		for range 3 + b.r.IntN(4) {
			harmless[b.r.IntN(len(harmless))](b)
		}
	}
	b.tables()
	return b.p
}

// tables puts types and tables at the start of the module, with the columns that are needed and some more.
func (b *builder) tables() {
	for range 1 + b.r.IntN(3) {
		b.columns[pick(b, plainKinds...)] = true
		if b.chance(40) {
			b.columns[pick(b, holderKinds...)] = true
		}
	}
	b.columns[str] = true
	var t, params, last, fields strings.Builder
	t.WriteString(recordTypes)
	t.WriteString("type Parsed { a: string, n: int }\n")
	t.WriteString("table Acc {\n  k: string key\n  pub: string\n  grp: string\n  size: int\n  other: string?\n")
	var order []kind
	for _, k := range slices.Concat(plainKinds, holderKinds) {
		if !b.columns[k] {
			continue
		}
		order = append(order, k)
		mark := " secret"
		if holders[k] {
			mark = ""
		}
		fmt.Fprintf(&t, "  %s: %s%s\n", column(k), typeOf[k], mark)
		p := "p" + string(k)
		of, made := typeOf[k], "Card { zqnum: "+p+`, last4: "1111", zqcode: ncode }`
		x := p
		switch k {
		case card, ocard:
			x = made
		case lcard:
			x = "[" + made + "]"
		case mcard:
			x = `{ "a": ` + made + " }"
		case deep:
			x = `Deep { label: "d", card: ` + made + ", more: [" + made + "] }"
		case pay:
			x = `Wire { kind: "wire", zqiban: ` + p + `, note: "n" }`
		}
		if holders[k] {
			of = "string"
		}
		to := &params
		if strings.HasSuffix(of, "?") { // optional columns come last
			to = &last
		}
		fmt.Fprintf(to, ", %s: %s", p, of)
		fmt.Fprintf(&fields, ", %s: %s", column(k), x)
	}
	t.WriteString("}\ntable Note { k: string key, acc: string, text: string, zqmemo: string secret }\n")
	t.WriteString("table Copy {\n  id: id\n  text: string = \"-\"\n  n: int = 0\n  zqkeep: string = \"\" secret\n")
	for _, k := range slices.Concat(plainKinds, holderKinds, []kind{naked, seen}) {
		if b.copies[k] {
			fmt.Fprintf(&t, "  c%s: %s?\n", k, strings.TrimSuffix(typeOf[k], "?"))
		}
	}
	t.WriteString("}\n")
	t.WriteString("table Keyed { k: string key, v: int }\n")
	code := ""
	if strings.Contains(fields.String(), "ncode") {
		code = ", ncode: int"
	}
	fmt.Fprintf(
		&t, "rpc fill(k: string, memo: string%s%s%s) public {\n  insert Acc { k, pub: \"pub\", grp: \"g\", size: 5, other: null%s }\n",
		params.String(), code, last.String(), fields.String(),
	)
	t.WriteString("  insert Note { k, acc: k, text: \"note\", zqmemo: memo }\n}\n")
	c := &canaries{r: b.r}
	for row := range 3 {
		s := play.Step{Do: play.Call, Name: "fill", Who: 2}
		for which := range databases {
			of := row
			if which == 1 && row == 1 {
				of = 0
			}
			fill := rand.New(rand.NewPCG(b.p.Seed[1], uint64(of*2+which))) //nolint:gosec // equal rows have the same seed
			c.r = fill
			args := []string{fmt.Sprintf(`"a%d"`, row), c.value(str, which, of)}
			var optional []string
			for _, k := range order {
				if v := c.value(k, which, of); k == ostr || k == onum {
					optional = append(optional, v)
				} else {
					args = append(args, v)
				}
			}
			if code != "" {
				args = append(args, c.value(num, which, of))
			}
			args = append(args, optional...)
			s.Args[which] = "[" + strings.Join(args, ",") + "]"
		}
		b.p.rows = append(b.p.rows, s)
	}
	b.p.kept = c.kept
	b.p.chunks = slices.Insert(b.p.chunks, 0, chunk{what: "tables", text: t.String(), needs: true})
}
