// Answers for the tests of src/eso/go and src/eso/gjson: what Go itself makes of the same input. It reads a JSON list of questions, each a list
// of an operation and its arguments, and writes the list of their answers: a text, null where there is none, or {"error": text}.
// Texts hold one byte in each character (0 to 255), so that any bytes pass. answers.ts beside this asks and records.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode"

	"github.com/tidwall/gjson"
)

type failure struct {
	Error string `json:"error"`
}

func main() {
	var questions [][]string
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		panic(err)
	}
	answers := make([]any, len(questions))
	for i, question := range questions {
		arguments := make([]string, 0, len(question)-1)
		for _, argument := range question[1:] {
			arguments = append(arguments, fromWire(argument))
		}
		answers[i] = answer(question[0], arguments)
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(answers); err != nil {
		panic(err)
	}
}

func fromWire(text string) string {
	var b []byte
	for _, r := range text {
		b = append(b, byte(r))
	}
	return string(b)
}

func toWire(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		b.WriteRune(rune(text[i]))
	}
	return b.String()
}

func result(text string, err error) any {
	if err != nil {
		return failure{toWire(err.Error())}
	}
	return toWire(text)
}

func answer(operation string, a []string) any {
	switch operation {
	case "gjson":
		found := gjson.Get(a[0], a[1])
		if !found.Exists() {
			return nil
		}
		return toWire(found.String())
	case "rawMap":
		var m map[string]json.RawMessage
		if err := json.Unmarshal([]byte(a[0]), &m); err != nil {
			return failure{toWire(err.Error())}
		}
		keys := make([]string, 0, len(m))
		for k := range m {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		out := []string{}
		for _, k := range keys {
			out = append(out, toWire(k), toWire(string(m[k])))
		}
		return out
	case "string":
		var s string
		if err := json.Unmarshal([]byte(a[0]), &s); err != nil {
			return nil
		}
		return toWire(s)
	case "remarshal", "remarshalRaw":
		var v any
		if err := json.Unmarshal([]byte(a[0]), &v); err != nil {
			return failure{toWire(err.Error())}
		}
		var b bytes.Buffer
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(operation == "remarshal")
		err := encoder.Encode(v)
		return result(strings.TrimRight(b.String(), "\n"), err)
	case "useNumber":
		var v any
		// Decoder's own errors differ from Unmarshal's; what differs here is how numbers are kept.
		var whole json.RawMessage
		if err := json.Unmarshal([]byte(a[0]), &whole); err != nil {
			return failure{toWire(err.Error())}
		}
		decoder := json.NewDecoder(strings.NewReader(a[0]))
		decoder.UseNumber()
		if err := decoder.Decode(&v); err != nil {
			return failure{toWire(err.Error())}
		}
		b, err := json.Marshal(v)
		return result(string(b), err)
	case "map":
		var m map[string]any
		if err := json.Unmarshal([]byte(a[0]), &m); err != nil {
			return failure{toWire(err.Error())}
		}
		b, err := json.Marshal(m)
		if m == nil {
			b = []byte("{}")
		}
		return result(string(b), err)
	case "marshalString":
		b, err := json.Marshal(a[0])
		return result(string(b), err)
	case "formatFloat":
		f, _ := strconv.ParseFloat(a[0], 64)
		precision, _ := strconv.Atoi(a[2])
		bits, _ := strconv.Atoi(a[3])
		return strconv.FormatFloat(f, a[1][0], precision, bits)
	case "parseFloat":
		f, err := strconv.ParseFloat(a[0], 64)
		if err != nil && strings.HasSuffix(err.Error(), "invalid syntax") {
			return nil
		}
		return strconv.FormatFloat(f, 'g', -1, 64)
	case "quote":
		return toWire(fmt.Sprintf("%q %+q %#q %#+q", a[0], a[0], a[0], a[0]))
	case "quoteRune":
		n, _ := strconv.Atoi(a[0])
		return toWire(fmt.Sprintf("%q %+q", n, n))
	case "base64":
		b, err := base64.StdEncoding.DecodeString(a[0])
		return result(string(b), err)
	case "base64url":
		b, err := base64.URLEncoding.DecodeString(a[0])
		return result(string(b), err)
	case "runes":
		out := []string{}
		for i, r := range a[0] {
			out = append(out, fmt.Sprintf("%d:%x", i, r))
		}
		return strings.Join(out, " ")
	case "class":
		return class(a[0])
	case "replace":
		re, err := regexp.Compile(a[0])
		if err != nil {
			return failure{toWire(err.Error())}
		}
		return toWire(re.ReplaceAllString(a[1], a[2]))
	case "matches":
		re, err := regexp.Compile(a[0])
		if err != nil {
			return failure{toWire(err.Error())}
		}
		return fmt.Sprint(re.FindAllStringSubmatchIndex(a[1], -1))
	}
	panic("unknown operation " + operation)
}

// class gives the ranges of the code points that are in a class.
func class(name string) string {
	in := map[string]func(rune) bool{
		"letter": unicode.IsLetter, "number": unicode.IsNumber, "digit": unicode.IsDigit, "print": strconv.IsPrint,
	}[name]
	var out []string
	start := rune(-1)
	for r := rune(0); r <= unicode.MaxRune+1; r++ {
		is := r <= unicode.MaxRune && in(r)
		if is && start < 0 {
			start = r
		}
		if !is && start >= 0 {
			out = append(out, fmt.Sprintf("%x-%x", start, r-1))
			start = -1
		}
	}
	return strings.Join(out, " ")
}
