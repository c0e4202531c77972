// Package grammar reads the command lines of file copy tools as the tools
// themselves do, and says what is copied: in which direction, between which
// local files and which remote ends.
//
// A grammar is for a syntax, not for a tool: several tools may share one, and a
// tool whose syntax a table can express has a [Table] and no code. All of them
// turn a [Command] into a [Transfer]. They take time linear in the arguments,
// which were chosen by whoever ran the tool and may be anything.
package grammar
