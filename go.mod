module gradebook

go 1.26
