package main

import "strings"

func askYaml() {
	for _, text := range yamlTexts() {
		ask("fromYaml", text)
	}
	for _, text := range yamlScalars() {
		ask("toYaml", text)
		ask("toYaml", dict{"key": text, text: 1})
	}
	ask("toYaml", dict{"b": list{1, "two", nil, true, 1.5, list{}, dict{}, list{1, list{2}}, dict{"x": 1, "y": list{"z"}}}, "a": dict{"c": "multi\nline\n", "d": " lead"}, "e": map[string]string{"k": "v"}})
	ask("toYaml", list{dict{"a": 1, "b": dict{"c": list{dict{"d": 2, "e": "f"}}}}})
	ask("toYaml", dict{"key10": 1, "key9": 2, "Key": 3, "_x": 4, "1": 5, "10": 6, "9": 7, "a-b": 8, "a.b": 9, "é": 10})
	ask("toYaml", strings.Repeat("word ", 30))
	ask("toYaml", strings.Repeat("x", 200))
	ask("toYaml", 12345678901)
	ask("toYaml", 1e6)
	ask("toYaml", 1e21)
	ask("toYaml", 1.0)
	ask("toYaml", 123456789012345678)
}

func yamlScalars() []string {
	return []string{"plain", "two words", "yes", "no", "On", "y", "n", "true", "null", "~", "", "1", "0x1f", "010", "1_000", "1.5", "1e3", ".5", ".inf", "-.inf", ".nan", "1:30", "190:20:30", "2001-01-01", "2001-12-14 21:59:43.10 -5", "a: b", "a:b", "a #b", "a#b", "#x", "- x", "-x", "?x", "? x", ":x", "x:", "[x", "{x", "]x", "}x", ",x", "&x", "*x", "!x", "|x", ">x", "'x", "\"x", "%x", "@x", "`x", "x'y", "x\"y", " lead", "trail ", "tab\tin", "\ttab", "multi\nline", "multi\nline\n", "\nlead", "a\n\nb\n\n", " a\nb", "é", "日本", "😀", "\u2028", "\u0085", "\ufeff", "\x01", "\x7f", "\xff", "\\", "a\\b", "=", "<<", "0b1", "0o7", "+1", "-1", "-", "--", "---", "...", "x, y", "x [y]", "x\r\ny", "12e03", "1e", "0.", "-0", "NULL", "Off", "http://x/y?z#w", "a,b", "a]b", "9223372036854775808", "!!str x", "key with: colon", "ends:", "\"quoted\"", "'single'", "x\ty", "\r", "a\rb"}
}

func yamlTexts() []string {
	texts := []string{
		"", "\n", "# only a comment\n", "---\n", "{}", "[]", "null", "~", "text", "12", "true", "'quoted'", "- a\n- b\n", "a", "a:", "a: b", "a: b\n", "a:b", "a: b\nc: d\n",
		"\"KEY\": !!binary \"ZXhhbXBsZQ==\"\n\"OTHER\": !!binary \"\"\n", "\"K\": !!binary \"/////w==\"", "\"K\": !!binary \"w6k=\"", "K: !!binary ZXhhbXBsZQ==", "K: !!binary \"not base64\"", "K: !!binary |\n  ZXhh\n  bXBs\n  ZQ==\n", "K: !!binary 'ZXhhbXBsZQ'", "\"K\": !!binary \"ZXhh\nbXBs\"",
		"a: !!str 1\nb: !!int \"3\"\nc: !!float 1\nd: !!bool yes\ne: !!null x\n", "a: !!int x", "a: !!float 2", "a: !!bool \"true\"", "a: !custom x", "a: !!timestamp 2001-01-01", "a: ! 1", "a: !!str null", "a: !!null null", "a: !!int 3.5",
		"a: {b: c}", "a: [b]", "a:\n  b: c\n", "a:\n- b\n", "a: b\nc: {d: e}\nb: [x]\n", "{a: b, c: 1, \"d\": 'e'}", "{a: b", "[a: b]", "{a, b: c}", "{a: , b: }",
		"a: |\n  line one\n  line two\n", "a: |-\n  x\n  y\n\n", "a: |+\n  x\n\n\nb: y\n", "a: >\n  folded\n  text\n\n  para\n   more\n  end\n", "a: >-\n  x\n  y\n", "a: |2\n   two\n", "a: |\n\n  lead\n", "a: |\n\ttab\n", "a: |\nb: c\n", "a: | # comment\n  x\n", "a: |\n  x # no comment\n # comment\nb: 1\n", "a: |x\n  y\n", "a: |\n    deep\n  less\nb: c",
		"a: 'it''s'\nb: \"tab\\tnl\\nq\\\"u\\u00e9x\\x41e\\e_\\_N\\NL\\LP\\P0\\0\\/\"\n", "a: \"line\n  folded\n\n  para\"\n", "a: 'line\n  folded\n\n  para'\n", "a: \"esc\\\n   aped\"", "a: \"bad \\q\"", "a: \"open", "a: 'open", "a: \"x\" y", "a: 'x' # c\n", "a: \"\\ud83d\\ude00\"", "a: \"\\U0001F600\"", "a: \"\\xff\"", "a: \"x\"b: c",
		"a: plain\n  continued\n\n  more\nb: 1\n", "a: x # comment\nb: y#z\n", "a: x\n# comment\nb: y\n", "# head\n\na: 1\n", "a: -1\nb: - 1\n", "a: x: y", "a: 'b': c", "a: @x", "a: `x", "a: %x", "a: &x b\nc: *x\n", "a: *nope", "a: &x\n", "&a b: c", "*a : b",
		"<<: {a: 1, b: 2}\nb: 3\n", "x: &x 1\n<<: *x\n", "<<: [{a: 1}, {a: 2, c: 3}]\n", "base: &b\n  k: v\n<<: *b\n", "\"<<\": x\n", "a: 1\na: 2\n", "a: 1\n'a': two\n", "1: a\n1.5: b\ntrue: c\nyes: d\n~: e\n", "1: a\n1.50: b\n0x10: c\n1e3: d\n", "null: x", "? a\n: b\n", "? a\n", "? [x]\n: y\n", "[a]: b", "{a: 1}: b", "!!binary eA==: b", "'': empty", ": x", "a: b\n c: d", "  a: b\n  c: d\n", "  a: b\nc: d\n", "a: b\n  \n\t\nc: d\n", "\ta: b", "a:\tb\n", "a: b\t\n", "a:\n\tb\n", "a: b\n\tc\n",
		"---\na: b\n", "--- \na: b\n...\n", "a: b\n---\nc: d\n", "a: b\n...\nc: d\n", "---\n---\na: b", "--- a\n", "%YAML 1.1\n---\na: b\n", "%YAML 1.2\n---\na: b\n", "%FOO\n---\na: b\n", "%TAG ! x\n---\na: b\n", "...\na: b\n", "--- {a: b}", "---a: b", "a: ---\n", "\ufeffa: b\n", "\ufeff# x\na: b\n", "a: \ufeffb",
		"a: b\r\nc: d\r\n", "a: b\rc: d\r", "a: x\u0085b: y", "a: \"x\u2028y\"", "a: x\u2028y", "a: |\n  x\u2028  y\n", "a: \xff", "a: \xc3", "a: \x01", "a: \"\x7f\"", "a: \x00", "a: b\x00c", "a: \u0080", "a: \ud7ff\ue000", "a: \xed\xa0\x80", "a: \xf4\x90\x80\x80", "a: \ufffe", "a: \U0001F600", "a: \xe2\x82", "a: x\nb: \x02\n", "\xff\xfea\x00", "a: \xa0",
		"a: b\nc\n", "a: b\n- c\n", "- a\nb: c\n", "a: b\n}", "]", "}", ",", "a: b,\nc: ]\n", "a: [", "a: ]", "a: \"\n", "a: b: c\n", "a: b c: d", "key with spaces: v\n", "key#x: v", "key: v #", "a : b", "\"a\" : b", "\"a\":b", "'a':b", "a: 'x''", "a: \"x\"\"", "? ", "-", "- ", "-a: b", "a: !!binary", "a: !", "a: !<tag:yaml.org,2002:str> 1", "a: !<x", "a: !!", "a: *", "a: &", "a: &x *y",
		strings.Repeat("k", 1023) + ": v", strings.Repeat("k", 1024) + ": v", "\"" + strings.Repeat("k", 1100) + "\": v", "? " + strings.Repeat("k", 1100) + "\n: v",
		"A=b\nC=d\n", "user: admin\npass: p@ss: word\n", "config.yaml: |\n  server:\n    port: 80\n", "json: {\"a\": 1}\n", "json: '{\"a\": 1}'\n", "url: http://example.com:80/x?y=z#w\n", "time: 12:30\nsex: 190:20:30\n", "win: C:\\path\\x\n", "star: *.example.com\n", "pct: 100%\n", "amp: a&b\n", "bang: a!b\n", "q: ?\n", "dash: -\n", "colon: a:\n", "hash: a#b # c\n", "x: - y\n", "tilde: ~x\n", "pipe: a|b\n", "gt: a>b\n", "list: a, b\n", "br: a[b]{c}\n", "sq: it's\n", "dq: say \"x\"\n", "a:  two  spaces  \n", "a: \"\"\nb: ''\nc:\nd: ~\n",
	}
	for _, scalar := range yamlScalars() {
		if !strings.ContainsAny(scalar, "\n\r") {
			texts = append(texts, "k: "+scalar)
		}
	}
	for _, scalar := range []string{"123456789", "1234567890123456789", "12345678901234567890", "123456789012345678901234567890", "0.1", "1.10", "100000000000000000000.5", "1e21", "1e-7", "3.4e39", "0777", "0o777", "0b101", "0xFF", "0xfffffffffffffffff", "-0x1", "+0b1", "-0b1", "1__2", "_1", "1_", "0_7", "08", "09.5", "1.", "1.e3", ".5e1", "+.5", "-.5", ".", "..", "+", "+-1", "1e400", "1.0", "16777217.0", "0.30000000000000004", "-.inf", "+.INF", "TRUE", "True", "tRUE", "Y", "No", "oN", "FALSE", "nUll", "2001-1-1", "2001-13-01", "12345-01-01", "1e+3", "0x", "0b", "0b2", "1,000", "1 000", "٣", "0.0", "-0.0", "0e0", "1E5", "123456.789", "1e5", "1e20", "1234567.0", "100000.0", "0.00001", "0.0001"} {
		texts = append(texts, "k: "+scalar)
		texts = append(texts, scalar+": v")
	}
	return texts
}
