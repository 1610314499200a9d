// Records what Go's text/template makes of the templates in handwritten.txt and of others that are made of them, each as one line of JSON:
//
//	go run . > ../../template/recorded-templates.json  (and format it: README.md)
package main

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"log"
	"os"
	"strings"
	"text/template"
	"unicode/utf8"
)

//go:embed handwritten.txt
var handwritten string

type recorded struct {
	Text string `json:"text"`
	// Whether the text is its own name too.
	Named      bool     `json:"named,omitempty"`
	Delimiters []string `json:"delimiters,omitempty"`
	Lenient    bool     `json:"lenient,omitempty"`
	Output     *string  `json:"output,omitempty"`
	// Base64, where the output is not UTF-8.
	Bytes []byte `json:"bytes,omitempty"`
	Error string `json:"error,omitempty"`
}

func answer(asked recorded) recorded {
	name, left, right, option := "K", "", "", "missingkey=error"
	if asked.Named {
		name = asked.Text
	}
	if asked.Delimiters != nil {
		left, right = asked.Delimiters[0], asked.Delimiters[1]
	}
	if asked.Lenient {
		option = "missingkey=default"
	}
	parsed, err := template.New(name).Option(option).Funcs(functions).Delims(left, right).Parse(asked.Text)
	var output bytes.Buffer
	if err == nil {
		err = parsed.Execute(&output, data)
	}
	switch text := output.String(); {
	case err != nil:
		asked.Error = err.Error()
	case utf8.ValidString(text):
		asked.Output = &text
	default:
		asked.Bytes = output.Bytes()
	}
	return asked
}

func main() {
	log.SetFlags(0)
	written := bufio.NewWriter(os.Stdout)
	separator := "[\n"
	seen := map[string]bool{}
	for _, asked := range append(fromFile(), generated()...) {
		key, err := json.Marshal(asked)
		if err != nil {
			log.Fatal(err)
		}
		if seen[string(key)] || !utf8.ValidString(asked.Text) {
			continue
		}
		seen[string(key)] = true
		line := &bytes.Buffer{}
		encoder := json.NewEncoder(line)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(answer(asked)); err != nil {
			log.Fatal(err)
		}
		if line.Len() > 1000 && len(asked.Text) < 300 {
			continue
		}
		written.WriteString(separator + strings.TrimSpace(line.String()))
		separator = ",\n"
	}
	written.WriteString("\n]\n")
	if err := written.Flush(); err != nil {
		log.Fatal(err)
	}
}

// One template a line, with ⏎ for a line break. Before it may stand `named:`, `lenient:` or `<< >>:`.
func fromFile() (all []recorded) {
	for _, line := range strings.Split(handwritten, "\n") {
		if line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		asked := recorded{}
		for prefix, set := range map[string]func(){
			"named:":   func() { asked.Named = true },
			"lenient:": func() { asked.Lenient = true },
			"<< >>:":   func() { asked.Delimiters = []string{"<<", ">>"} },
			"[[ ]]:":   func() { asked.Delimiters = []string{"[[", "]]"} },
		} {
			if rest, ok := strings.CutPrefix(line, prefix); ok {
				set()
				line = rest
				break
			}
		}
		asked.Text = strings.ReplaceAll(line, "⏎", "\n")
		all = append(all, asked)
	}
	return all
}
