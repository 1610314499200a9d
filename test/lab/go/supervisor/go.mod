module lockstep.dev/lab/supervisor

go 1.24
