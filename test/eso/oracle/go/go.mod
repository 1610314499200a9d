module lockstep.example/go-answers-oracle

go 1.25.0

require github.com/tidwall/gjson v1.18.0

require (
	github.com/tidwall/match v1.2.0 // indirect
	github.com/tidwall/pretty v1.2.1 // indirect
)
