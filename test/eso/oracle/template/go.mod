module lockstep.test/template-oracle

go 1.25
