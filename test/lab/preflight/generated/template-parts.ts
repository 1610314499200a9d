/** What generated templates are made of. One entry and the next are kept apart by ` ¦ `. */

function entries(text: string): readonly string[] {
  return text
    .split(/ ¦ |\n/)
    .map((entry) => entry.trim().replaceAll('⏎', '\n'))
    .filter((entry) => entry !== '');
}

/** What a text is piped into. */
export const textFunctions: readonly string[] = entries(`
  upper ¦ lower ¦ trim ¦ title ¦ untitle ¦ initials ¦ swapcase ¦ nospace ¦ quote ¦ squote ¦ b64enc ¦ b32enc
  sha256sum ¦ sha1sum ¦ adler32sum ¦ toJson ¦ toRawJson ¦ toPrettyJson ¦ snakecase ¦ camelcase ¦ kebabcase ¦ html
  js ¦ urlquery ¦ print ¦ println ¦ toString ¦ len ¦ int ¦ int64 ¦ float64 ¦ atoi ¦ empty ¦ not ¦ kindOf ¦ typeOf
  trunc 3 ¦ trunc -2 ¦ repeat 2 ¦ indent 2 ¦ nindent 2 ¦ replace "a" "X" ¦ trimSuffix "e" ¦ trimPrefix "ex"
  trimAll "ex" ¦ cat "and" ¦ default "d" ¦ substr 0 3 ¦ abbrev 5 ¦ wrap 4 ¦ contains "x" ¦ hasPrefix "e"
  hasSuffix "e" ¦ printf "%s" ¦ printf "%q" ¦ printf "%v" ¦ printf "%8s|" ¦ printf "%-8s|" ¦ printf "%x"
  printf "%.2s" ¦ printf "%d" ¦ regexMatch "[a-z]+" ¦ regexFind "[0-9]+" ¦ regexReplaceAllLiteral "x" "y"
  mustRegexFind "m." ¦ b64enc | b64dec ¦ splitList "," | join "-" ¦ splitList "," | toJson ¦ splitList "," | first
  splitList "," | last ¦ split "," | toJson ¦ splitList "," | sortAlpha | join ""
  splitList "," | reverse | toJson ¦ splitList "," | uniq | len ¦ splitList "" | toJson ¦ toYaml ¦ list | toJson
  dict "k" | toJson ¦ has "x" ¦ b64dec ¦ b32dec ¦ fromJson ¦ fromYaml ¦ mustFromJson ¦ coalesce "" 0
  ternary "t" "f" ¦ required "it is empty" ¦ squote | upper ¦ quote | quote ¦ printf "%5.1f" 2.25 | print
`);

/** What a number is piped into. */
export const numberFunctions: readonly string[] = entries(`
  add 1 ¦ sub 1 ¦ mul 3 ¦ div 2 ¦ mod 2 ¦ add1 ¦ max 3 9 ¦ min 3 9 ¦ float64 ¦ int ¦ round 2 ¦ ceil ¦ floor
  toString ¦ printf "%d" ¦ printf "%05d" ¦ printf "%v" ¦ printf "%f" ¦ printf "%s" ¦ until | toJson ¦ seq 3
  addf 0.5 ¦ mulf 1.5 ¦ eq 3 ¦ lt 2 ¦ ge 4 ¦ ne 3 ¦ toJson ¦ quote ¦ divf 3 ¦ toDecimal ¦ int64 ¦ biggest 7
`);

/** Expressions as a whole, with mistakes among them. */
export const structured: readonly string[] = entries(`
  fromJson .c | toJson ¦ fromJson .c | toYaml ¦ (fromJson .c).k ¦ (fromJson .c).n ¦ (fromJson .c).l
  (fromJson .c).m.x ¦ index (fromJson .c).l 1 ¦ index (fromJson .c).l 9 ¦ (fromJson .c).absent
  keys (fromJson .c) | sortAlpha | toJson ¦ get (fromJson .c) "k" ¦ dig "m" "x" "none" (fromJson .c)
  dig "m" "y" "none" (fromJson .c) ¦ hasKey (fromJson .c) "k" ¦ pick (fromJson .c) "k" "n" | toJson
  omit (fromJson .c) "k" | toJson ¦ fromYaml .c | toJson ¦ len (fromJson .c).l ¦ set (fromJson .c) "new" 1 | toJson
  merge (dict "k" 1) (fromJson .c) | toJson ¦ values (dict "a" 1) | toJson ¦ (fromJson .c).n | add 1
  fromJson .c | toPrettyJson ¦ (fromJson .c).l | join "+" ¦ slice (fromJson .c).l 1 2 | toJson
  without (fromJson .c).l 1 | toJson ¦ . | toJson ¦ toYaml . ¦ len . ¦ index . "a" ¦ index . "absent"
  keys . | sortAlpha ¦ .absent ¦ index . "b-c" ¦ .a.b ¦ list 1 2.5 "x" nil true ¦ dict "x" 1 "y" (list 1)
  tuple 1 2 ¦ append (list 1) 2 | toJson ¦ prepend (list 1) 2 ¦ concat (list 1) (list 2) ¦ eq .a "example"
  eq .a .b ¦ ne .a 3 ¦ lt 1 2 ¦ and .a .empty ¦ or .empty .a ¦ not .empty ¦ eq 1 1.0 ¦ eq nil nil ¦ empty .absent
  printf "%s-%s" .a .b ¦ printf "%s" 3 ¦ printf "%d" .a ¦ printf "%s" ¦ printf "%!" .a ¦ printf "%v %v" 1 nil
  printf "%t" true ¦ printf "%T" . ¦ env "HOME" ¦ now ¦ uuidv4 ¦ randAlpha 3 ¦ fail "no" ¦ fail .a ¦ nope .a
  upper ¦ upper .a .b ¦ "text" | upper ¦ \`raw\` ¦ 1_000 ¦ 'a' ¦ date "2006" (toDate "2006-01-02" "2024-05-06")
  semver "1.2.3" | toJson ¦ (semver "1.2.3-b").Major ¦ semverCompare ">=1.2" "1.3.0"
  regexSplit "," .list -1 | toJson ¦ regexFindAll "[a-z]" .list 2 | toJson ¦ regexReplaceAll "(b)" .list "<\${1}>"
  regexQuoteMeta .list ¦ ternary 1 2 true ¦ until 3 ¦ untilStep 0 6 2 ¦ seq 1 3 ¦ sub 5 2 ¦ div 1 0 ¦ mod 5 0
  add 1 "2" ¦ mulf 1.5 2 ¦ round 2.567 1 ¦ max 1 5 3 ¦ urlParse "https://a.example/x?y=1" | toJson ¦ base "a/b.c"
  ext "a/b.c" ¦ dir "a/b.c" ¦ clean "a//b" ¦ isAbs "/a" ¦ osBase "x/y" ¦ toStrings (list 1 2) ¦ kindIs "map" .
  kindOf (list) ¦ typeOf 1 ¦ deepEqual (list 1) (list 1) ¦ all 1 0 ¦ any 0 1 ¦ compact (list 0 1 "") ¦ first (list)
  last (list 1 2) ¦ rest (list 1 2) | toJson ¦ initial (list 1 2) | toJson ¦ chunk 2 (list 1 2 3) | toJson
  trunc 2 "é数" ¦ html "<&>" ¦ hello ¦ .a |  ¦ | upper ¦ (.a ¦ .a) ¦ "unclosed ¦ if ¦ $x ¦ .a .b ¦ 3 .a ¦ nil ¦ true
  1e3 ¦ 0x1F ¦ . ¦ $ ¦ toJson nil
`);

/** Control structures; `1` and `2` stand for what is in them. */
export const shapes: readonly string[] = entries(`
  {{ if .a }}1{{ end }} ¦ {{ if .empty }}1{{ else }}2{{ end }}
  {{ if eq .b "3" }}1{{ else if .a }}2{{ else }}3{{ end }} ¦ {{ with .a }}1{{ . }}{{ end }}
  {{ with .empty }}1{{ else }}2{{ end }} ¦ {{ range $k, $v := . }}{{ $k }}={{ $v }};{{ end }}
  {{ range splitList "," .list }}[{{ . }}]{{ else }}2{{ end }}
  {{ range $i, $x := list 1 2 }}{{ $i }}{{ $x }}{{ end }} ¦ {{ $v := .a }}{{ $v }}1
  {{ $n := 1 }}{{ $n = add $n 1 }}{{ $n }} ¦ {{ define "t" }}<{{ . }}>{{ end }}{{ template "t" .a }}1
  {{ block "u" .b }}{{ . }}{{ end }} ¦ {{ range until 3 }}{{ if eq . 1 }}{{ continue }}{{ end }}{{ . }}{{ end }}
  {{ range until 3 }}{{ break }}{{ end }}1 ¦ {{ range 3 }}{{ . }}{{ end }} ¦ {{ range .a }}1{{ end }}
  {{ with $x := .a }}{{ $x }}{{ end }} ¦ {{ with .empty }}1{{ else with .a }}{{ . }}{{ end }}
  {{ range $k, $v := fromJson .c }}{{ $k }}:{{ $v }} {{ end }} ¦ {{ if and .a (not .empty) }}1{{ end }}
  {{ if .a }}1 ¦ {{ end }} ¦ {{ else }}
`);

/** What stands for a value in YAML; `⏎` is the end of a line. */
export const scalars: readonly string[] = entries(`
  text ¦ "q" ¦ 's' ¦ 1 ¦ 1.50 ¦ true ¦ null ¦ ~ ¦ 0x10 ¦ 1e3 ¦ 2024-01-02 ¦ {{ .a | toJson }} ¦ {{ .b }} ¦ {{ .a }}
  |⏎  x⏎  y ¦ >-⏎  x⏎  y ¦ "\\u00e9" ¦ [1] ¦ {a: b} ¦ !!str 1 ¦ - x ¦ *x ¦ &x y ¦ a: b ¦ {{ .c | quote }} ¦ x # c
  "x ¦ '' ¦ .5 ¦ 0o7 ¦ yes ¦ = ¦ {{ .list }}
`);
