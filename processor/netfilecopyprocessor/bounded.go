package netfilecopyprocessor

// What is read of the arguments at most, in bytes: the ebpf_exec receiver takes
// 64 KiB at most, other sensors may take any number, and whoever runs a program
// chooses it. Padding hides neither the start nor the end.
const (
	argsHead = 96 << 10
	argsTail = 32 << 10
)

// bounded returns the arguments, or of very long ones the first and the last,
// and whether there were others in between.
func bounded(args []string) (kept []string, cut bool) {
	size := 0
	for _, arg := range args {
		size += len(arg) + 1
	}
	if size <= argsHead+argsTail {
		return args, false
	}
	front, room := 0, argsHead
	for ; front < len(args) && len(args[front]) < room; front++ {
		room -= len(args[front]) + 1
	}
	kept = append(make([]string, 0, front+16), args[:front]...)
	if front < len(args) {
		kept = append(kept, head(args[front], room))
	}
	back, room := len(args), argsTail
	for ; back > front+1 && len(args[back-1]) < room; back-- {
		room -= len(args[back-1]) + 1
	}
	return append(kept, args[back:]...), true
}
