package main

import (
	"fmt"
	"math/rand"
	"strings"
)

const (
	broken      = 280
	expressions = 250
	formats     = 260
)

// Always the same ones.
func generated() (all []recorded) {
	random := rand.New(rand.NewSource(6))
	written := fromFile()
	for range broken {
		asked := written[random.Intn(len(written))]
		if len(asked.Text) < 80 {
			asked.Text = breakText(random, asked.Text)
			all = append(all, asked)
		}
	}
	for range expressions {
		text := fmt.Sprintf("{{ %s }}", expression(random, 3, atoms))
		if random.Intn(4) == 0 {
			text = fmt.Sprintf("{{ range $k, $v := %s }}{{ %s }}{{ else }}{{ %s }}{{ end }}",
				expression(random, 1, atoms), expression(random, 1, atoms), expression(random, 1, atoms))
		}
		all = append(all, recorded{Text: text, Lenient: random.Intn(6) == 0})
		all = append(all, recorded{Text: wrapped + fmt.Sprintf("{{ range $i, $e := $d.l }}{{ %s }},{{ end }}", expression(random, 2, held))})
	}
	for range formats {
		all = append(all, recorded{Text: fmt.Sprintf("{{ printf %q %s }}", format(random), operands(random))})
	}
	return all
}

var scraps = []string{
	"{{", "}}", "{{-", "-}}", " -}}", "{{- ", "(", ")", "|", ".", "$", "$x", ":=", "=", ",", "\"", "'", "`", "-", "+", "1", "0x", "é", " ",
	"\n", "{{ end }}", "{{ else }}", "{{ if .a }}", "{{ range . }}", "{{/*", "*/}}", "nil", "true", ".a", "define", "end", "{{ break }}",
}

func breakText(random *rand.Rand, text string) string {
	characters := []rune(text)
	for range 1 + random.Intn(2) {
		from := random.Intn(len(characters) + 1)
		to := min(len(characters), from+random.Intn(3))
		with := []rune{}
		if random.Intn(3) > 0 {
			with = []rune(scraps[random.Intn(len(scraps))])
		}
		characters = append(append(append([]rune{}, characters[:from]...), with...), characters[to:]...)
	}
	return string(characters)
}

var atoms = []string{
	".", "$", ".a", ".empty", ".missing", ".number", "$.b", "1", "0", "-3", "2.5", "1e2", "\"x\"", "\"\"", "'c'", "true", "false", "nil",
	"nothing", "list", "dict", "(octet 7)", "(bytes \"ab\")", "(strings \"p\" \"q\")", "(list 1 \"x\" nil)", "(dict \"k\" 1)", "(index . \"a\")",
}

const wrapped = `{{ $d := dict "s" "x" "k" 1 "n" nil "l" (list 2 "y" nil) }}`

// Interfaces that are still wrapped.
var held = []string{"$d.s", "$d.k", "$d.n", "$d.l", "$e", "$e", "$i", ".", "$d.k.x", "$e.x", ".a", "1", "\"abc\"", "(list 1 2 3)", "(dict \"k\" 1)", "nil"}

var names = []string{
	"and", "or", "not", "len", "index", "slice", "print", "println", "printf", "html", "js", "urlquery", "call", "eq", "ne", "lt", "le", "gt",
	"ge", "upper", "boxed", "list", "dict", "plus", "half", "flip", "strings", "join", "octet", "wide", "has", "quote", "fail", "set",
}

func expression(random *rand.Rand, depth int, atoms []string) string {
	if depth == 0 || random.Intn(6) == 0 {
		return atoms[random.Intn(len(atoms))]
	}
	written := strings.Builder{}
	written.WriteString(names[random.Intn(len(names))])
	for range random.Intn(4) {
		switch random.Intn(5) {
		case 0:
			fmt.Fprintf(&written, " (%s)", expression(random, depth-1, atoms))
		case 1:
			fmt.Fprintf(&written, " (%s).k", expression(random, depth-1, atoms))
		default:
			written.WriteString(" " + atoms[random.Intn(len(atoms))])
		}
	}
	if random.Intn(4) == 0 {
		written.WriteString(" | " + names[random.Intn(len(names))])
	}
	return written.String()
}

func format(random *rand.Rand) string {
	written := strings.Builder{}
	for range 1 + random.Intn(3) {
		written.WriteString("%")
		for range random.Intn(3) {
			written.WriteByte("+-# 0"[random.Intn(5)])
		}
		written.WriteString([]string{"", "", "", "7", "12", "3", "*", "[1]", "[2]*", "[9]"}[random.Intn(10)])
		written.WriteString([]string{"", "", "", ".0", ".2", ".5", ".", ".*", ".[1]*"}[random.Intn(9)])
		written.WriteString([]string{"", "", "", "", "", "[1]", "[2]"}[random.Intn(7)])
		written.WriteByte("vvvvsssqqdddxXcUofFeEgGtTOb!%z"[random.Intn(30)])
		written.WriteString([]string{"", " ", "é|"}[random.Intn(3)])
	}
	return written.String()
}

var printed = []string{
	"1", "-42", "0", "255", "128512", "1.5", "-0.001", "1e10", "12345.678", "0.0", "\"\"", "\"text\"", "\"é\\n☃\"", "true", "nil", ".a", ".text",
	"(list 1 \"x\" nil)", "(dict \"k\" 2.5)", "(bytes \"hi\")", "(octet 9)", "(large 18446744073709551615)", "(strings \"p\")", "(small -7)",
}

func operands(random *rand.Rand) string {
	chosen := []string{}
	for range random.Intn(4) {
		chosen = append(chosen, printed[random.Intn(len(printed))])
	}
	return strings.Join(chosen, " ")
}
