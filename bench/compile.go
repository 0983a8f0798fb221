package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/livec-lang/livec/compiler"
	emitgo "github.com/livec-lang/livec/emit/go"
	emitts "github.com/livec-lang/livec/emit/ts"
	"github.com/livec-lang/livec/lang/source"
)

// feature is a part of a generated app: the constructs that real apps are made of, in about their proportions. %[1]d makes its names
// unique.
const feature = `
/// What somebody has written in a thread of feature %[1]d.
table Note%[1]d {
  id: id
  thread: string(1..40)
  author: User.id
  text: string(1..500)
  votes: int = 0
  state: "open" | "done" = "open"
  at: time = now()

  index (thread, at)
  index (author)
}

type Summary%[1]d { thread: string, notes: int, best: int? }

fn score%[1]d(votes: int, old: bool) -> int = if old && votes > 10 then votes * 2 - 1 else votes

guard author%[1]d(id: id) -> { note%[1]d: Note%[1]d } guard signedIn {
  let found = Note%[1]d | find(id)
  require found != null else NOT_FOUND "There is no note {id}"
  require found.author == ctx.user.id || ctx.user.role == "admin" else FORBIDDEN
  return { note%[1]d: found }
}

/// The latest notes of a thread, with who wrote them.
stream notes%[1]d(thread: string) public =
  Note%[1]d
  | filter .thread == thread && .state == "open"
  | sort .at desc
  | limit 50
  | join User on .author as writer { .name }

stream threads%[1]d guard signedIn =
  Note%[1]d | group .thread { .thread, notes: count(), best: max(.votes) } | sort .thread

rpc write%[1]d(thread: string(1..40), text: string(1..500)) -> Note%[1]d
  guard signedIn
  rate 5 per 10s by user
{
  let mine = Note%[1]d | filter .author == ctx.user.id | count()
  require mine < 1_000 else TOO_MANY "You have written {mine} notes"
  return insert Note%[1]d { thread, text: trim(text), author: ctx.user.id }
}

rpc vote%[1]d(id: id, up: bool) -> int guard signedIn {
  let note = Note%[1]d | find(id)
  require note != null else NOT_FOUND
  if note.author == ctx.user.id {
    fail OWN_NOTE "Others vote for your notes"
  }
  let after = update note { votes: if up then .votes + 1 else .votes - 1 }
  return score%[1]d(after.votes, after.at < now() - 7d)
}

rpc summary%[1]d(thread: string) -> Summary%[1]d public {
  let all = Note%[1]d | filter .thread == thread
  return { thread, notes: length(all), best: (all | max(.votes)) }
}

rpc close%[1]d(id: id) guard author%[1]d(id) {
  update ctx.note%[1]d { state: "done" }
}
`

const users = `/// A generated app.

table User {
  id: id
  name: string(1..40)
  role: "admin" | "member" = "member"
}

upgrade -> User? = session()

guard signedIn {
  require ctx.user != null else UNAUTHORIZED "Log in first"
}

rpc signIn(name: string(1..40)) -> User public rate 10 per 1m by ip {
  return startSession(insert User { name })
}
`

// generated makes an app of about so many lines, in so many modules.
func generated(lines, modules int) []*source.File {
	texts := make([]strings.Builder, modules)
	texts[0].WriteString(users)
	for i := 1; i < modules; i++ {
		texts[i].WriteString("use m0 { User, signedIn }\n")
	}
	size := strings.Count(feature, "\n")
	for i := range max(lines/size, modules) {
		fmt.Fprintf(&texts[i%modules], feature, i)
	}
	files := make([]*source.File, modules)
	for i := range files {
		files[i] = &source.File{Path: fmt.Sprintf("m%d.live", i), Module: fmt.Sprintf("m%d", i), Text: texts[i].String()}
	}
	return files
}

// collections is the GC percentage of livec.
const collections = 400

// compile measures how long it takes to check generated apps and, for builds, to write all files too. Apps of several sizes show that the
// time grows in proportion to the size.
func compile(ctx context.Context, report func(figure)) error {
	defer debug.SetGCPercent(debug.SetGCPercent(collections))
	first := 0.0 // µs a line, of the smallest app
	for _, c := range []struct {
		name           string
		lines, modules int
	}{{"check_1k", 1_000, 1}, {"check_10k", 10_000, 1}, {"check_100k", 100_000, 1}, {"check_200_modules", 20_000, 200}} {
		took, lines, bytes, err := measured(ctx, c.lines, c.modules, checked)
		if err != nil {
			return err
		}
		line := took * 1e3 / float64(lines) // µs
		f := figure{Name: c.name, Value: round3(took), Unit: "ms"}
		if first == 0 {
			first = line
		} else {
			f.Against, f.Ratio = fmt.Sprintf("as many lines at the pace of check_1k: %.3g ms", first*float64(lines)/1e3), round3(first/line)
		}
		report(f)
		report(figure{Name: c.name + "_rate", Value: round3(float64(bytes) / 1e3 / took), Unit: "MB/s"})
	}
	took, _, _, err := measured(ctx, 10_000, 1, func(p *compiler.App) error {
		if _, err := emitgo.Emit(p, "example.com/app/gen"); err != nil {
			return err
		}
		_, err := emitts.Emit(p)
		return err
	})
	if err != nil {
		return err
	}
	report(figure{Name: "build_10k", Value: round3(took), Unit: "ms"})
	return nil
}

func checked(*compiler.App) error { return nil }

// measured gives the median time, in ms, in which an app is compiled and further has run on it.
func measured(ctx context.Context, size, modules int, further func(*compiler.App) error) (ms float64, lines, bytes int, err error) {
	var times []float64
	for round := range 6 {
		if err := ctx.Err(); err != nil {
			return 0, 0, 0, err
		}
		files := generated(size, modules) // new ones, since a File caches where its lines start
		lines, bytes = 0, 0
		for _, f := range files {
			lines += strings.Count(f.Text, "\n")
			bytes += len(f.Text)
		}
		runtime.GC()
		start := ownCPU()
		p, list := compiler.Compile("generated", files)
		if list.HasErrors() {
			d := list[0]
			line := d.Primary.File.Position(d.Primary.Span.Start).Line
			return 0, 0, 0, fmt.Errorf("the generated app: %s:%d: %s", d.Primary.File.Path, line, d.Message)
		}
		if err := further(p); err != nil {
			return 0, 0, 0, err
		}
		if round > 0 { // the first one warms up
			times = append(times, (ownCPU()-start).Seconds()*1e3)
		}
	}
	return median(times), lines, bytes, nil
}
