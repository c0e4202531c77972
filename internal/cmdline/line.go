package cmdline

// Line joins arguments as [AppendJoined] does, and knows where in the line each
// of them stands as it is: most need no text of their own. The zero value is
// ready for use, and again for the next arguments.
type Line struct {
	buffer []byte
	args   [][]byte
	spans  []span
	text   string
}

// span is where an argument stands in the line; its end is 0 where it is written there in another way.
type span struct{ start, end int }

// Join makes the line of these arguments.
func (l *Line) Join(args [][]byte) string {
	l.buffer, l.args, l.spans = l.buffer[:0], args, l.spans[:0]
	for i, arg := range args {
		if i > 0 {
			l.buffer = append(l.buffer, ' ')
		}
		l.add(arg)
	}
	l.text = string(l.buffer)
	return l.text
}

func (l *Line) add(arg []byte) {
	start := len(l.buffer)
	l.buffer = AppendQuoted(l.buffer, arg)
	switch len(l.buffer) - start - len(arg) {
	case 0:
		l.spans = append(l.spans, span{start, len(l.buffer)})
	case len("''"): // in quotes, and without any in it
		l.spans = append(l.spans, span{start + 1, len(l.buffer) - 1})
	default:
		l.spans = append(l.spans, span{})
	}
}

// Text returns an argument as [Text] does.
func (l *Line) Text(i int) string {
	if s := l.spans[i]; s.end > 0 {
		return l.text[s.start:s.end]
	}
	return Text(l.args[i])
}
