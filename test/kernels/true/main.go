// Command true is the /bin/true of the guests: one that does nothing under any name.
package main

func main() {}
