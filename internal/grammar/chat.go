package grammar

// Tools that post files to a chat or a paste service.

var (
	// slackcat --help, 1.7
	slackcat = &verb{direction: Upload, options: "c,channel=alias comment= configure!other filetype= list!help n,filename= noop!help s,stream t,tee h,help!help version!other", operands: "[input]", read: orStdin}
	// telegram-send --help, 0.34: the files of an option go on up to the next
	telegramSend = &verb{options: "h,help!help version!other format= stdin!upload pre disable-web-page-preview silent c,configure!other configure-channel!other configure-group!other f,file=input i,image=input s,sticker=input animation=input video=input a,audio=input l,location= caption= showids config=opaque g,global-config file-manager!other clean!other timeout= delete=other", operands: "[skip...]", read: telegramFiles}
	// telegram-upload --help, telegram-download --help, 0.7
	telegramUpload   = &verb{direction: Upload, options: "to=alias config=opaque d,delete-on-success!removes print-file-id force-file f,forward= directories= large-files= caption= no-thumbnail thumbnail-file=input p,proxy=proxy a,album interactive sort help!help version!other", operands: "input..."}
	telegramDownload = &verb{direction: Download, options: "f,from=alias config=opaque d,delete-on-success!removes p,proxy=proxy m,split-files= i,interactive help!help version!other"}
	// gist --help, 6.0; a gist is public without -p
	gist = &verb{options: "login!other f,filename= t,type= p,private!A no-private d,description= s,shorten u,update= o,open c,copy e,embed P,paste!upload R,raw l,list=?other r,read=value delete=other skip-empty h,help!help v,version!other", operands: "[input...]", read: gistFiles}
)

// telegramFiles: with a file option the operands are further files, and else a message.
func telegramFiles(r *reading) {
	if len(r.LocalPaths) > 0 {
		r.Direction = Upload
		for _, f := range r.operands {
			r.addInput(r.Command, f)
		}
	} else if r.Direction == Upload {
		r.addInput(r.Command, "-")
	}
}

func gistFiles(r *reading) {
	if r.value != "" {
		r.Direction = Download
		return
	}
	if len(r.LocalPaths) == 0 && r.Direction == NoCopy {
		r.addInput(r.Command, "-")
	}
	r.Direction = Upload
	if !r.flag("A") {
		r.signal(PublicAccess)
	}
}
