package cmdline

// Joined joins arguments as [AppendJoined] does, and knows where in the line each
// of them stands as it is: most need no text of their own. The zero value is
// ready for use, and again for the next arguments.
type Joined struct {
	buffer []byte
	args   [][]byte
	spans  []span
	text   string
}

// span is where an argument stands in the line; its end is 0 where it is written there in another way.
type span struct{ start, end int }

// Join makes the line of these arguments.
func (j *Joined) Join(args [][]byte) string {
	j.buffer, j.args, j.spans = j.buffer[:0], args, j.spans[:0]
	for i, arg := range args {
		if i > 0 {
			j.buffer = append(j.buffer, ' ')
		}
		j.add(arg)
	}
	j.text = string(j.buffer)
	return j.text
}

func (j *Joined) add(arg []byte) {
	start := len(j.buffer)
	j.buffer = AppendQuoted(j.buffer, arg)
	switch len(j.buffer) - start - len(arg) {
	case 0:
		j.spans = append(j.spans, span{start, len(j.buffer)})
	case len("''"): // in quotes, and without any in it
		j.spans = append(j.spans, span{start + 1, len(j.buffer) - 1})
	default:
		j.spans = append(j.spans, span{})
	}
}

// Len is how many arguments there are.
func (j *Joined) Len() int { return len(j.args) }

// Text returns an argument as [Text] does.
func (j *Joined) Text(i int) string {
	if s := j.spans[i]; s.end > 0 {
		return j.text[s.start:s.end]
	}
	return Text(j.args[i])
}
