package main

import (
	"strings"
	"unicode"
)

type list = []any
type dict = map[string]any

// Texts that have something about them: cases, spaces, more than ASCII, no UTF-8, separators.
var texts = []string{
	"", "a", "abc", "Hello World", "  padded\t\n", "foo_bar-baz qux", "HTTPServer2xx", "líne ÄÖ ß ÿ", "日本語 text", "a\xffb\xc3",
	"\u00a0nb\u2003\u3000", "x\x00\x1f\x7f\"'\\", "a,b,,c", "\u2028<&>😀",
}

var values = list{
	nil, true, false, 0, 1, -7, int64(5), uint8(9), uint64(18446744073709551615), 0.0, 1.5, -2.75, 1e21, 1e-7, float32(0.1),
	"", "0", "12", "-3.9", "0x1f", "010", "1_000", "1e3", "abc", " 5", "+7", ".5", "99999999999999999999", "1e400", "inf",
	list{}, list{1, "a", nil, true, 2.5}, []string{}, []string{"b", "a", "b"}, []int{3, 1}, list(nil), list{list{1}, dict{"k": 1}},
	dict{}, dict{"a": 1}, dict{"a": nil, "b": list{"x"}}, map[string]string{}, map[string]string{"k": "v"}, []byte("bytes\xff"),
}

var ofText = strings.Fields(`trim upper lower title untitle nospace initials swapcase snakecase kebabcase camelcase b64enc b64dec
	b32enc b32dec sha1sum sha256sum adler32sum base dir clean ext isAbs osBase osDir osClean osExt osIsAbs atoi fromJson mustFromJson
	regexQuoteMeta fail fromYaml`)

var ofValue = strings.Fields(`quote squote toString toStrings cat empty coalesce all any typeOf kindOf toJson toPrettyJson toRawJson
	mustToJson mustToRawJson mustToPrettyJson int int64 float64 toDecimal add1 floor ceil add1f first last rest initial reverse compact uniq sortAlpha mustFirst
	mustLast mustRest mustInitial mustReverse mustCompact mustUniq concat deepCopy mustDeepCopy duration durationRound dict slice
	mustSlice max min maxf minf list toYaml`)

func askAll() {
	ask("hello")
	for _, function := range ofText {
		for _, text := range texts {
			ask(function, text)
		}
	}
	for _, function := range ofValue {
		for _, value := range values {
			ask(function, value)
		}
	}
	askTexts()
	askLists()
	askDicts()
	askNumbers()
	askOthers()
	askPatterns()
	askYaml()
}

func askTexts() {
	for _, text := range []string{"abcdefghij", "", "日本語", "a b c d e f g h"} {
		for _, n := range []int{-30, -3, -1, 0, 1, 3, 4, 5, 7, 8, 30} {
			ask("trunc", n, text)
			ask("substr", 0, n, text)
			ask("abbrev", n, text)
			ask("wrap", n, text)
			ask("wrapWith", n, "|", text)
			if n < 8 {
				ask("indent", n, text)
				ask("repeat", n, text)
				ask("splitn", " ", n, text)
			}
		}
	}
	for _, start := range []int{-2, 0, 2, 4, 9} {
		for _, end := range []int{-5, -1, 0, 2, 3, 4, 7} {
			ask("substr", start, end, "abcd")
			ask("abbrevboth", start, end, "abcdefghijklmnop")
			ask("abbrevboth", start*3, end+6, "abcdefghijklmnop qrst")
		}
	}
	ask("nindent", 2, "a\nb\n\nc")
	ask("indent", 4, "\n")
	ask("wrapWith", 5, "", "averylongword and more   spaces here")
	ask("wrap", 5, "averylongword and more   spaces here")
	ask("wrap", 10, " leading and trailing ")
	for _, separator := range []string{"", ",", "ab", "\xc3", "本"} {
		for _, text := range []string{"", "a,b,,c", "abab", "日本語", "a\xffb\xc3\xa9"} {
			ask("splitList", separator, text)
			ask("split", separator, text)
			ask("replace", separator, "-", text)
			ask("contains", separator, text)
			ask("hasPrefix", separator, text)
			ask("hasSuffix", separator, text)
			ask("trimAll", separator, text)
			ask("trimPrefix", separator, text)
			ask("trimSuffix", separator, text)
		}
	}
	ask("trimall", "$", "$5.00$")
	ask("trimAll", "ab日", "日ba-日-ab日")
	ask("splitn", ",", 2, "a,b,c,d")
	for _, count := range []int{0, 1, 2, -1} {
		ask("plural", "one", "many", count)
	}
	ask("quote")
	ask("quote", "a", nil, 1, "b\n")
	ask("squote", "it's", nil, 1.5, list{"a"})
	ask("cat", "a", nil, 2, list{"x", nil}, dict{"k": "v"}, 1e100, "  b ")
	for _, text := range []string{"FirstName", "NoHTTPS", "GO_PATH", "GO PATH", "GO-PATH", "http2xx", "HTTP20xOK", "Duration2m3s", "Bld4Floor3rd",
		"_complex__case_", "A", "Ab", "ABc", "a1b2C3", "a.b.C", "1a2B", "foo$Bar+baz", "__", "some-Thing_ELSE 9x", "x9", "9", "A1", "AB1C", "a  b", "é1",
		"aB.Cd", "A-", "-A", "abcDEF", "X1y2Z3", "(Foo)Bar", "1.5GHz", "v2Beta1-rc3"} {
		ask("snakecase", text)
		ask("kebabcase", text)
		ask("camelcase", text)
		ask("swapcase", text)
		ask("title", text)
		ask("untitle", text)
	}
	for _, text := range []string{"=", "a", "ab", "abc", "YQ", "YQ==", "YQ=", "Y===", "YWI=", "YWJj\n", "YW Jj", "YWJj!", "_-8=", "YQ==YQ==", "\xff\xfe"} {
		ask("b64dec", text)
	}
	for _, text := range []string{"ME======", "ME", "MFRGG===", "MFRA====", "MFRGG=", "M", "MFRGGZA=", "MFRGGZDF", "mfrgg===", "MFRGGZDFM\nY======", "MF=GG===",
		"ME====A=", "========", "A=======", "MFR=====", "MFRGGZ==", "MFRGG===ME======", "MFRGG====="} {
		ask("b32dec", text)
	}
	ask("b32enc", "\xff\xfe\x00abc")
	ask("adler32sum", strings.Repeat("xyz", 300))
	for _, kind := range []string{"maximum", "long", "medium", "short", "basic", "pin", "other"} {
		ask("derivePassword", uint32(1), kind, "example-password", "user", "example.com")
	}
	ask("derivePassword", uint32(4000000000), "long", "pässword", "üser", "")
}

func askLists() {
	lists := []any{nil, "abc", 5, list{}, list{1, 2, 3, 4, 5}, list{"a", nil, "a", 1, int64(1), 1.0, list{"a"}, list{"a"}}, []string{"b", "a", "c"}, []int{1, 2}, dict{"a": 1}, []string(nil)}
	for _, l := range lists {
		for _, function := range []string{"append", "push", "prepend", "mustAppend", "mustPush", "mustPrepend"} {
			ask(function, l, "x")
		}
		for _, needle := range []any{"a", 1, int64(1), nil, list{"a"}, 1.0} {
			ask("has", needle, l)
			ask("without", l, needle)
		}
		ask("mustHas", "b", l)
		ask("mustWithout", l, "b", 2)
		ask("without", l)
		ask("concat", l, list{"z"})
		for _, n := range []int{1, 2, 3} {
			ask("chunk", n, l)
			ask("mustChunk", n, l)
		}
		for _, start := range []any{0, 1, "2", -1} {
			ask("slice", l, start)
			ask("slice", l, start, 2)
		}
		ask("slice", l, 2, 1)
		ask("join", "-", l)
		for _, f := range []string{"first", "rest", "last", "initial", "reverse", "uniq", "compact", "sortAlpha", "toStrings"} {
			ask(f, l)
		}
	}
	ask("list")
	ask("tuple", 1, "a", nil)
	ask("concat")
	ask("concat", list{}, []string{})
	ask("concat", []string{"a"}, list{1}, []int{2})
	ask("join", ",", list{1, nil, "x", 2.5, list{1}, dict{"k": list{true}}, []byte("by")})
	ask("sortAlpha", list{"b", 10, 9, "B", nil, "é", "z"})
	for _, n := range []int{-3, 0, 1, 4} {
		ask("until", n)
	}
	for _, p := range [][3]int{{0, 5, 2}, {5, 0, -2}, {0, 5, -1}, {5, 0, 1}, {0, 0, 1}, {3, 6, 0}, {6, 3, 0}, {-2, 2, 1}} {
		ask("untilStep", p[0], p[1], p[2])
		ask("seq", p[0], p[2], p[1])
		ask("seq", p[0], p[1])
		ask("seq", p[1])
	}
	ask("seq")
	ask("seq", 1, 2, 3, 4)
	ask("seq", 0, 3, 10)
	ask("seq", 10, -3, 0)
	ask("seq", 1, 0, 5)
}

func askDicts() {
	fresh := func() dict {
		return dict{"a": 1, "b": "", "c": list{1}, "d": dict{"x": 1, "y": ""}, "n": nil, "m": dict{}, "s": map[string]string{"k": "v"}}
	}
	ask("dict")
	ask("dict", "a", 1, "b")
	ask("dict", 1, "one", nil, "nil", 2.5, nil, "1", "again")
	for _, key := range []string{"a", "b", "n", "zz"} {
		ask("get", fresh(), key)
		ask("hasKey", fresh(), key)
		ask("unset", fresh(), key)
		ask("set", fresh(), key, list{"new"})
		ask("pluck", key, fresh(), dict{"a": 2, "zz": nil}, dict{})
		ask("pick", fresh(), key, "d")
		ask("omit", fresh(), key, "d")
		ask("dig", key, "default", fresh())
		ask("dig", "d", key, "default", fresh())
		ask("dig", key, "x", "default", fresh())
	}
	ask("dig", "d", "x", 0, fresh())
	ask("dig", "d", "y", "z", 0, fresh())
	ask("dig", "a", fresh())
	ask("dig")
	ask("dig", "a", "b", "c")
	ask("dig", "a", "b", nil)
	ask("dig", 1, "b", fresh())
	ask("dig", "a", "b", map[string]string{"a": "b"})
	ask("dig", "s", "k", "default", fresh())
	ask("keys", dict{"only": 1})
	ask("keys")
	ask("keys", dict{"a": 1}, dict{"b": 1})
	ask("values", dict{"only": list{1}})
	ask("values", dict{})
	ask("pick", fresh())
	ask("pluck", "a")
	others := []dict{{}, {"a": 2}, {"a": 0, "b": "new", "z": 1}, {"b": false, "c": list{2}, "d": dict{"x": 2, "y": "new", "z": list{}}}, {"n": 5, "c": nil, "a": nil},
		{"n": dict{"q": 1}, "m": dict{"q": dict{"r": 1}}, "b": list{1, 2}}, {"c": list{}, "d": "text", "a": dict{"k": 1}, "m": dict{}}, {"c": dict{"k": 1}, "m": "", "n": list{}},
		{"b": []string{"x"}, "zz": []string{"y"}, "n": []string{}}}
	for _, other := range others {
		for _, function := range []string{"merge", "mergeOverwrite", "mustMerge", "mustMergeOverwrite"} {
			ask(function, fresh(), other)
		}
		ask("merge", other, fresh(), dict{"last": 1})
		ask("mergeOverwrite", dict{}, other, fresh())
	}
	ask("merge", dict{})
	for _, a := range values {
		for _, b := range []any{nil, 0, "", list{}, dict{}, map[string]string{"k": "v"}, []string{"b", "a", "b"}, list(nil)} {
			ask("deepEqual", a, b)
		}
	}
}

func askNumbers() {
	pairs := [][2]any{{7, 2}, {-7, 2}, {7, -2}, {"9", 4.9}, {int64(9223372036854775807), 1}, {int64(-9223372036854775808), -1}, {1, 0}, {nil, 3}, {"x", "5"}, {0.1, 0.2},
		{1e300, 1e-300}, {10, 3}, {2, 3}, {-2, 3}, {1, -3}, {1.005, 100}, {uint64(18446744073709551615), 2}, {true, false}, {0.000001, 7}, {123456789.123, 1e10}, {1, 0.0}}
	for _, p := range pairs {
		for _, f := range strings.Fields("add sub mul div mod max min biggest addf subf mulf divf maxf minf") {
			ask(f, p[0], p[1])
		}
	}
	for _, f := range strings.Fields("add addf") {
		ask(f)
		ask(f, 1, "2", 3.5, true)
	}
	for _, f := range strings.Fields("mul max min subf mulf divf maxf minf") {
		ask(f, 5)
		ask(f, 2, 3, "4", 0.5)
	}
	ask("addf", "nan")
	ask("addf", "-inf", 1)
	ask("maxf", "nan", 1)
	ask("maxf", "nan", "inf")
	ask("minf", 0.0, "-0")
	for _, v := range []any{123.5555, 123.4449, -1.5, -2.5, 0.5, "3.14159", 7, 1e300, "inf", 2.675} {
		for _, p := range []int{0, 1, 2, 3, -1, -2} {
			ask("round", v, p)
		}
		ask("round", v, 1, 0.3)
	}
	for _, v := range []string{"0", "-12", "+5", "0x10", "9223372036854775808", "-9223372036854775809", "1.5", "", "a", "1_0", "007"} {
		ask("atoi", v)
		ask("toDecimal", v)
		ask("int", v)
	}
	for _, v := range []string{"0b11", "0o17", "08", "0_7", "0x_f", "1__0", "_1", "1_", "-0x1F", "12.", ".", "-.", "+.9", "1.2.3", "0x1.8", "0X1F", "- 1", "0b2", "9223372036854775807", "9223372036854775808"} {
		ask("int64", v)
		ask("float64", v)
	}
}

func askOthers() {
	for _, given := range values {
		ask("default", "fallback", given)
		ask("kindIs", "slice", given)
		ask("typeIs", "string", given)
	}
	ask("default", "fallback")
	ask("coalesce")
	ask("coalesce", nil, "", 0, list{}, "first", "second")
	ask("all")
	ask("all", 1, "a")
	ask("all", 1, "")
	ask("any")
	ask("any", 0, "", "x")
	ask("ternary", "yes", "no", true)
	ask("ternary", "yes", nil, false)
	ask("typeIsLike", "int", 1)
	for _, path := range []string{"/", "//", "a/b/../c", "/../a", "../..", "./a/./b/", "a/..", "/a/b.tar.gz", ".hidden", "a.b/c", "a//b///c", "/a/../..", "x/../../y", "a/", ".", "..", "a.", "/.b/."} {
		for _, f := range strings.Fields("base dir clean ext isAbs osBase osDir osClean osExt") {
			ask(f, path)
		}
	}
	urls := []string{"https://user:p%40ss@example.com:8443/a%20b/c?x=1&y=%20#frag%21", "postgres://u:p@db:5432/name?sslmode=require", "mailto:a@example.com", "/just/a/path?q", "rel/path", "a:b", "1a:b", ":x", "http://", "http://h?q",
		"HTTP://Example.COM", "//host/path", "///path", "*", "http://a b/", "http://h/%zz", "http://h/%2", "http://u:p@ss@h/", "http://u ser@h/", "http://h:port/", "http://h:/", "http:/x", "http:x?y#z", "x y", "http://h/a b", "http://h#",
		"http://h/?#", "redis://:secret-example@cache:6379/0", "amqp://u:p;,=+$&~!'()*@h/%2F", "", "#f", "?q", "a/b:c", "./a:b", "http://h\n", "http://é/ü?ö#ä", "http://u:@h", "http://@h", "http://%41@h", "jdbc:postgresql://db/x", "http://h/a?b?c", "http://h#a#b", "http://h/#%zz"}
	for _, u := range urls {
		ask("urlParse", u)
	}
	ask("urlJoin", dict{})
	ask("urlJoin", dict{"scheme": "https", "host": "example.com:80", "path": "a b/ü", "query": "x=1 2", "fragment": "f g%", "userinfo": "u:p@ss/"})
	for _, d := range []dict{{"scheme": "https", "host": "h", "path": "/p", "userinfo": "u:p@ss%20"}, {"host": "h"}, {"path": "a:b/c"}, {"path": "*"}, {"path": "/x", "query": "q"}, {"opaque": "o", "scheme": "s", "host": "h", "query": "q"},
		{"scheme": "s", "path": "p"}, {"scheme": "s"}, {"host": 5}, {"host": nil}, {"query": list{}}, {"userinfo": "a b", "host": "h"}, {"userinfo": "u", "path": "p"}, {"host": "a b<>%", "scheme": "x"}, {"fragment": "a'b\"c^", "path": "x'y!(z)*"}, {"userinfo": "u%zz"}} {
		ask("urlJoin", d)
	}
	for _, constraint := range []string{"1.2.3", "=1.2.3", "!=1.2.3", ">1.2", ">=1.2", "<1.2", "<=1.2", "=<1", "=>1", "~1.2.3", "~>1.2", "~1", "^1.2.3", "^0.2.3", "^0.0.3", "^0", "^0.0", "*", "x", "1.x", "1.2.x", ">1.x", "!=1.x", "!=1.2.x", "!=*", ">*", "<=*", ">=1.2.3-0", "^1.2.3-beta.2",
		"1.2 - 1.4.5", ">=1.2, <2", ">=1.2 <2", "<1 || >=1.2.3", ">= 1.2.3", "", "abc", ">=", "v1.2.3", "1.2.3+build", "01.2.3", "1.02.x", ">1 <", "1.2.3 ||", "~0", "~0.0", "~0.0.0", "1.2.3-01", "!=1.2.3-rc.1", " 1.2.3 ", ">1.2.3-rc.1", "<=1.2.3-rc.1", "99999999999999999999"} {
		for _, version := range []string{"1.2.3", "v1.2.4", "1.3", "2.0.0", "0.2.3", "0.0.3", "1.2.3-beta.10", "1.2.3-rc.1+x"} {
			ask("semverCompare", constraint, version)
		}
	}
	for _, version := range []string{"", "1", "a.b", "1.2.3.4", "01.2.3", "1.2.3-01", "1.2.3-", "1.2.3+b.c", "99999999999999999999.0.0", "V1", " 1.2.3"} {
		ask("semverCompare", ">=0-0", version)
		ask("semverCompare", "*", version)
	}
	for _, at := range []any{0, int64(1700000000), int32(951782400), 86399} {
		for _, layout := range []string{"2006-01-02", "2006-01-02T15:04:05Z07:00", "Mon Jan 02 03:04:05 PM 06 MST -0700", "Monday, January", "Z0700 -07:00", "15h04"} {
			ask("dateInZone", layout, at, "UTC")
		}
		ask("htmlDateInZone", at, "UTC")
		ask("htmlDateInZone", at, "")
	}
	for _, v := range []any{int64(0), int64(1), int64(59), int64(60), int64(3600), int64(3661), int64(90061), int64(-5), int64(-3600), "95", "-95", "x", 95, "1h"} {
		ask("duration", v)
	}
	for _, v := range []any{"2h10m5s", "2400h10m5s", "1s", "2s", "61s", "1m", "400h", "1.5h", "-3h", "100ms", "x", "1", "9000h", "1us", "1h2", "+5m", ".5h", "1.h", int64(5000000000), int64(7200000000001), 5, "10000000h"} {
		ask("durationRound", v)
	}
	for _, json := range []string{"1", "-0", "1.50", "1e21", `"a\u0041\ud83d\ude00"`, "[]", "[1,null,true]", `{"b":[],"a":{"c":""}}`, "{", `{"a":1,}`, "nul", "", " 1 ", `"\ud800"`, "1 2", `{"a":1,"a":2}`, "01", "\"a\nb\"", "[1e400]", `{"a":[1e400,2]}`} {
		ask("fromJson", json)
		ask("mustFromJson", json)
	}
	deep := dict{"z": list{dict{}, list{}, dict{"k": list{1, "a<b>&"}}}, "a": "\u2028\"\\", "m": map[string]string{"x": "y"}, "f": 1e21, "i": int64(-5), "nil": list(nil), "b": []byte{1, 2}, "bad": "\xff"}
	for _, f := range strings.Fields("toJson toPrettyJson toRawJson mustToJson mustToRawJson mustToPrettyJson") {
		ask(f, deep)
		ask(f, list{deep, list(nil)})
	}
	ask("rest", list{})
}

func askPatterns() {
	for _, pattern := range []string{"a", "", "^a.c$", "[0-9]+", "(a)(b)?", "a(", "[z-a]", "b*", "\\d{2,}", "(?i)ABC", "x*?", "日", "(?P<n>b)", "*a", "\\p{Lu}", "a|b|c", "\xff"} {
		for _, text := range []string{"", "abc", "a1b22c333", "日本 ABC", "baaab"} {
			ask("regexMatch", pattern, text)
			ask("mustRegexMatch", pattern, text)
			ask("regexFind", pattern, text)
			ask("mustRegexFind", pattern, text)
			ask("regexFindAll", pattern, text, -1)
			ask("mustRegexFindAll", pattern, text, 2)
			ask("regexReplaceAll", pattern, text, "<$0>")
			ask("regexReplaceAllLiteral", pattern, text, "$0")
			ask("regexSplit", pattern, text, -1)
			ask("mustRegexSplit", pattern, text, 2)
		}
	}
	for _, replacement := range []string{"$1", "${1}x", "$1x", "$n", "${n}", "$$", "$", "${", "$9", "${1}${2}", "\\1"} {
		ask("regexReplaceAll", "(a)(?P<n>b)?", "ab a b", replacement)
		ask("mustRegexReplaceAll", "(a)(?P<n>b)?", "ab a b", replacement)
		ask("mustRegexReplaceAllLiteral", "(a)(?P<n>b)?", "ab a b", replacement)
	}
	for _, n := range []int{-1, 0, 1, 2, 3} {
		ask("regexSplit", ",", "a,b,c", n)
		ask("regexFindAll", "[a-z]", "a,b,c", n)
	}
	ask("regexQuoteMeta", `a.b*c[d]\^$(){}|?+-`)
}

// unicode.ToUpper, ToLower and ToTitle of every character below U+0590, as the functions of strings have them.
func casing() map[string]string {
	upper, lower, title := []rune{}, []rune{}, []rune{}
	for r := rune(1); r < 0x590; r++ {
		upper, lower, title = append(upper, unicode.ToUpper(r)), append(lower, unicode.ToLower(r)), append(title, unicode.ToTitle(r))
	}
	return map[string]string{"upper": string(upper), "lower": string(lower), "title": string(title)}
}
