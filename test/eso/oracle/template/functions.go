package main

import (
	"errors"
	"fmt"
	"strings"
	"text/template"
)

// The functions of the test (test/eso/template/oracle-functions.ts) with the same names and types.
var functions = template.FuncMap{
	"fail":    func(message string) (string, error) { return "", errors.New(message) },
	"list":    func(values ...interface{}) []interface{} { return values },
	"strings": func(values ...string) []string { return values },
	"bytes":   func(text string) []byte { return []byte(text) },
	"dict": func(values ...interface{}) map[string]interface{} {
		made := map[string]interface{}{}
		for index := 0; index+1 < len(values); index += 2 {
			made[fmt.Sprint(values[index])] = values[index+1]
		}
		return made
	},
	"set": func(entries map[string]interface{}, key string, value interface{}) map[string]interface{} {
		entries[key] = value
		return entries
	},
	"has": func(needle interface{}, values []interface{}) bool {
		for _, value := range values {
			if fmt.Sprint(value) == fmt.Sprint(needle) {
				return true
			}
		}
		return false
	},
	"join": func(separator string, values []string) string { return strings.Join(values, separator) },
	"quote": func(values ...interface{}) string {
		quoted := []string{}
		for _, value := range values {
			quoted = append(quoted, fmt.Sprintf("%q", fmt.Sprint(value)))
		}
		return strings.Join(quoted, " ")
	},
	"upper":   upper,
	"nothing": func() interface{} { return nil },
	"boxed":   func(value interface{}) interface{} { return value },
	"plus":    func(one, other int) int { return one + other },
	"small":   func(value int8) int8 { return value },
	"octet":   func(value uint8) uint8 { return value },
	"wide":    func(value int64) int64 { return value },
	"large":   func(value uint64) uint64 { return value },
	"half":    func(value float64) float64 { return value / 2 },
	"flip":    func(value bool) bool { return !value },
	"panics":  func(message string) string { panic(message) },
}

// What every template is executed with.
var data = map[string]string{
	"a":       "alpha",
	"b":       "beta",
	"empty":   "",
	"number":  "42",
	"html":    "<b>&\"'=</b>\\",
	"text":    "h\u00e9\u2028\u00a0\U0001f600 x",
	"percent": "100% %d",
	"a-b":     "dashed",
	"lines":   "one\ntwo\n",
	"bytes":   "\xff\xfeok",
}

// Of ASCII's letters only.
func upper(text string) string {
	bytes := []byte(text)
	for index, unit := range bytes {
		if 'a' <= unit && unit <= 'z' {
			bytes[index] = unit - 32
		}
	}
	return string(bytes)
}
