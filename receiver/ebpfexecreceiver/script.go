package ebpfexecreceiver

import (
	"path"
	"strings"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/internal/recognise"
)

// scriptRun returns the script that a program runs: the #! file that was
// executed, or what an interpreter is told to run; "" where there is none. One
// that cannot be resolved against the working directory is as it was given.
// The arguments are those of the line.
func (r *recorder) scriptRun(x *bpf.Exec, name string) string {
	if len(x.Interpreter) > 0 {
		return r.absolute(x, x.Filename)
	}
	if r.programs.Role(name) != recognise.Interpreter {
		return ""
	}
	r.argv = r.argv[:0]
	for i := range r.line.Len() {
		r.argv = append(r.argv, r.line.Text(i))
	}
	script := r.programs.ScriptOf(name, r.argv)
	directory := r.texts.get(x.WorkingDirectory)
	if script == "" || path.IsAbs(script) || !path.IsAbs(directory) {
		return strings.Clone(shortenScript(script)) // not the whole line is kept for it
	}
	return shortenScript(path.Join(directory, script))
}

// scriptMost is as long as the kernel takes a path (PATH_MAX). Only bytes that are no text make one that exists longer.
const scriptMost = 4096

// shortenScript copies the end of a long path, so that the whole is not kept
// alive: an argument that nothing can be opened by may have any length.
func shortenScript(path string) string {
	if len(path) <= scriptMost {
		return path
	}
	start := len(path) - scriptMost
	for start < len(path) && path[start]&0xc0 == 0x80 { // not within a character
		start++
	}
	return "..." + path[start:]
}
