// Package recognise says which file copy tool was executed, how that is known,
// and which of the arguments are the tool's own.
//
// The executed file is often not the tool: s3cmd is a script that python runs,
// wget may be an applet of busybox, and whoever hides scp calls it through the
// dynamic loader or by another name. [Recogniser.Find] goes from what the
// kernel ran to what runs in the end: the name of the file, its content, the
// script, applet, program or module that it was given, and at last the shape of
// the arguments.
//
// All of it was chosen by whoever ran it. The time taken is linear in the
// arguments, and nothing is allocated where nothing is found.
package recognise
