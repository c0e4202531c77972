package grammar

import "strings"

// adb talks to an Android device over USB or TCP (adb help, 1.0.41). The device
// is that of -s or $ANDROID_SERIAL; where none is named, its host is "device".
var adb = &verb{
	strict:  true,
	options: "a d e s=name t=name H=host P= L= one-device= help!help h!help",
	verbs: map[string]*verb{
		"push":                                   {direction: Upload, options: "sync z= Z n q", operands: "input... skip", read: adbPush},
		"pull":                                   {direction: Download, options: "a z= Z q", operands: "skip...", read: adbPull},
		"sync":                                   {direction: Upload, options: "l!help z= Z n q", operands: "[skip]", read: adbDevice},
		"install":                                {direction: Upload, options: adbInstallOptions, operands: "input", read: adbDevice},
		"install-multiple|install-multi-package": {direction: Upload, options: adbInstallOptions, operands: "input...", read: adbDevice},
		"sideload":                               {direction: Upload, operands: "input", read: adbDevice},
		"backup":                                 {direction: Download, options: "f=output apk noapk obb noobb shared noshared all system nosystem", operands: "[skip...]", read: adbDevice, singleDash: true},
		"restore":                                {direction: Upload, operands: "input", read: adbDevice},
		"bugreport":                              {direction: Download, operands: "[output]", read: adbDevice},
		"shell":                                  {options: "e= n T t x", operands: "skip...", read: adbShell},
		"exec-out|exec-in":                       {operands: "skip...", read: adbShell},
		"forward|reverse":                        {direction: Bidirectional, options: "list!other remove!other remove-all!other no-rebind", operands: "skip skip", read: adbForward},
	},
}

const adbInstallOptions = "l r t s d p g abi= instant no-streaming streaming fastdeploy no-fastdeploy force-agent date-check-agent version-check-agent local-agent"

func adbDevice(r *reading) { r.device("") }

func (r *reading) device(path string) {
	serial := r.dir
	if serial == "" {
		serial = r.env("ANDROID_SERIAL")
	}
	if serial == "" {
		serial = "device"
	}
	remote := parseHost(serial)
	remote.Path = path
	r.remote(remote)
}

func adbPush(r *reading) { r.device(r.operands[len(r.operands)-1]) }

// adbPull is adb pull REMOTE... LOCAL; with one operand into the working directory.
func adbPull(r *reading) {
	last := len(r.operands)
	if last > 1 {
		last--
		r.addOutput(r.Command, r.operands[last])
	}
	for _, path := range r.operands[:last] {
		r.device(path)
	}
}

// adbShell gives the words to a shell there.
func adbShell(r *reading) {
	r.device("")
	program := r.operands
	if strings.ContainsAny(strings.Join(program[:min(len(program), 32)], " "), ">|<;") {
		program = []string{strings.Join(program, " ")}
	}
	copyThrough(r, program, true)
}

func adbForward(r *reading) {
	r.device("")
	r.signal(Tunnel)
}
