// Records what the functions of External Secrets Operator's templates give, and what becomes of YAML there.
//
//	go run -mod=mod . > ../../template/functions/answers.jsonl
//
// With `all` behind it, every answer: too many to keep.
// ESO's own module is built in, so the functions are the real ones.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"sort"
	"strconv"

	template "github.com/external-secrets/external-secrets/pkg/template/v2"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// An answer is one call: the function, its arguments, and its result or its error. Values are written by written().
type answer struct {
	Function string `json:"f"`
	Values   []any  `json:"a"`
	Result   any    `json:"r,omitempty"`
	Error    any    `json:"e,omitempty"`
}

type document struct {
	Text  any `json:"y"`
	Map   any `json:"m,omitempty"`
	Error any `json:"e,omitempty"`
}

var answers []answer

func ask(function string, values ...any) {
	written := make([]any, len(values))
	for i, value := range values {
		written[i] = write(value)
	}
	result, err := call(function, values)
	if err != nil {
		answers = append(answers, answer{function, written, nil, bytewise(err.Error())})
		return
	}
	answers = append(answers, answer{function, written, []any{write(result)}, nil})
}

// As text/template calls a function: a panic is an error.
func call(function string, values []any) (result any, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			if e, ok := panicked.(error); ok {
				err = e
			} else {
				err = fmt.Errorf("%v", panicked)
			}
		}
	}()
	f := reflect.ValueOf(template.FuncMap()[function])
	if !f.IsValid() {
		panic("no such function: " + function)
	}
	in := make([]reflect.Value, len(values))
	for i, value := range values {
		in[i] = reflect.ValueOf(value)
		if !in[i].IsValid() {
			in[i] = reflect.Zero(parameter(f.Type(), i))
		}
	}
	out := f.Call(in)
	if len(out) == 2 && !out[1].IsNil() {
		return nil, out[1].Interface().(error)
	}
	return out[0].Interface(), nil
}

func parameter(f reflect.Type, i int) reflect.Type {
	if f.IsVariadic() && i >= f.NumIn()-1 {
		return f.In(f.NumIn() - 1).Elem()
	}
	return f.In(i)
}

// A text, one character for each of its bytes.
func bytewise(text string) string {
	runes := make([]rune, len(text))
	for i := 0; i < len(text); i++ {
		runes[i] = rune(text[i])
	}
	return string(runes)
}

// null, true, "text", ["int", "1"], ["[]string", [...]] (null for a nil one), ["map[string]string", {...}].
func write(value any) any {
	v := reflect.ValueOf(value)
	switch v.Kind() {
	case reflect.Invalid:
		return nil
	case reflect.Bool:
		return v.Bool()
	case reflect.String:
		return bytewise(v.String())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return []any{v.Type().String(), strconv.FormatInt(v.Int(), 10)}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return []any{v.Type().String(), strconv.FormatUint(v.Uint(), 10)}
	case reflect.Float32, reflect.Float64:
		return []any{v.Type().String(), strconv.FormatFloat(v.Float(), 'g', -1, 64)}
	case reflect.Slice:
		if v.IsNil() {
			return []any{v.Type().String(), nil}
		}
		items := make([]any, v.Len())
		for i := range items {
			items[i] = write(v.Index(i).Interface())
		}
		return []any{v.Type().String(), items}
	case reflect.Map:
		entries := map[string]any{}
		for _, key := range v.MapKeys() {
			entries[bytewise(key.String())] = write(v.MapIndex(key).Interface())
		}
		return []any{v.Type().String(), entries}
	default:
		return []any{v.Type().String(), "?"}
	}
}

// As ESO reads the rendered text of a literal.
func decode(text string) document {
	found := map[string]string{}
	if err := yaml.Unmarshal([]byte(text), &found); err != nil {
		return document{bytewise(text), nil, bytewise(err.Error())}
	}
	entries := map[string]any{}
	for key, value := range found {
		entries[bytewise(key)] = bytewise(value)
	}
	return document{bytewise(text), entries, nil}
}

func signatures() map[string]string {
	all := map[string]string{}
	for name, function := range template.FuncMap() {
		t := reflect.TypeOf(function)
		text := ""
		for i := 0; i < t.NumIn(); i++ {
			one := t.In(i).String()
			if t.IsVariadic() && i == t.NumIn()-1 {
				one = "..." + t.In(i).Elem().String()
			}
			if i > 0 {
				text += ", "
			}
			text += one
		}
		all[name] = text
	}
	return all
}

func main() {
	askAll()
	documents := []document{}
	for _, text := range yamlTexts() {
		documents = append(documents, decode(text))
	}
	if len(os.Args) < 2 || os.Args[1] != "all" {
		answers = fewer(answers, 18)
	}
	sort.SliceStable(answers, func(i, j int) bool { return answers[i].Function < answers[j].Function })
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	line := func(value any) {
		if err := encoder.Encode(value); err != nil {
			panic(err)
		}
	}
	line(map[string]any{"signatures": signatures()})
	line(map[string]any{"casing": casing()})
	for _, answer := range answers {
		line(answer)
	}
	for _, document := range documents {
		line(document)
	}
}

// Of each function: one call for each result, and of these so many, evenly spread.
func fewer(all []answer, most int) []answer {
	byFunction := map[string][]answer{}
	seen := map[string]bool{}
	for _, one := range all {
		outcome, _ := json.Marshal([]any{one.Function, one.Result, one.Error})
		if !seen[string(outcome)] {
			seen[string(outcome)] = true
			byFunction[one.Function] = append(byFunction[one.Function], one)
		}
	}
	kept := []answer{}
	for _, some := range byFunction {
		step := (len(some) + most - 1) / most
		for i := 0; i < len(some); i += step {
			kept = append(kept, some[i])
		}
	}
	return kept
}
