package grammar

import (
	"slices"
	"strings"
)

// Tools that send a directory to a host of web sites, who shows it to everybody.

var (
	// netlify deploy --help, 17
	netlify = &verb{options: "h,help!help debug http-proxy=proxy http-proxy-certificate-filename= auth= filter=", verbs: map[string]*verb{
		"deploy": {direction: Upload, options: `d,dir=input f,functions=input p,prod prod-if-unlocked s,site= a,auth= m,message= o,open alias= build no-build json
			timeout= trigger!other skip-functions-cache context= allow-anonymous created-via= upload-source-zip`, read: sendsTo("api.netlify.com")},
	}}
	// vercel --help, 44: without a command it deploys.
	vercel = &verb{leaf: true, direction: Upload, options: vercelOptions, operands: "[input]", read: sendsTo("api.vercel.com"), verbs: map[string]*verb{
		"deploy": {direction: Upload, operands: "[input]", read: sendsTo("api.vercel.com")},
		"blob":   {options: "rw-token=", verbs: map[string]*verb{"put": {direction: Upload, options: "a,add-random-suffix= p,pathname= m,multipart= t,content-type= c,cache-control-max-age= force=", operands: "input", read: sendsTo("blob.vercel-storage.com")}}},
		"alias|api|bisect|build|cache|certs|curl|dev|dns|domain|domains|env|git|help|httpstat|init|inspect|install|i|integration|integration-resource|ir|link|list|ls|login|logout|logs|mcp|microfrontends|open|project|projects|promote|pull|redeploy|redirects|remove|rm|rollback|rolling-release|rr|switch|target|targets|team|teams|telemetry|upgrade|webhooks|whoami": {direction: NoCopy},
	}}
	// firebase deploy --help, 13
	firebase = &verb{options: "h,help!help P,project= account= j,json token= non-interactive i,interactive debug c,config=", verbs: map[string]*verb{
		"deploy":                 {direction: Upload, options: "p,public=input m,message= f,force only= except= dry-run!help", read: sendsTo("firebasehosting.googleapis.com")},
		"hosting:channel:deploy": {direction: Upload, options: "e,expires= only= open no-authorized-domains", operands: "[skip]", read: sendsTo("firebasehosting.googleapis.com")},
	}}
	// surge --help, 0.24: surge [project] [domain]
	surge = &verb{leaf: true, direction: Upload, options: "h,help!help V,version!help p,project=input d,domain=host a,add= e,endpoint=endpoint m,message= stage preview", operands: "[input] [host]", read: surgeSite,
		verbs: map[string]*verb{"login|logout|whoami|list|teardown|token|plus|ssl|plan|card|rollback|rollfore|cutover|discard|files|config|dns|zone|certs|usage|audit|invite|revoke|cdn|bust|encrypt|analytics|traffic|load": {direction: NoCopy}}}
	// cf push --help, 8
	cf = &verb{options: "h,help!help v", verbs: map[string]*verb{
		"push|p": {direction: Upload, options: `p,path=input f,manifest= b,buildpack= c,start-command= d= i,instances= k,disk= l= m,memory= s,stack= t,app-start-timeout= u,health-check-type= o,docker-image=
			docker-username= droplet=input endpoint= no-manifest no-route no-start no-wait random-route strategy= task var= vars-file= lifecycle= instance-steps= max-in-flight=`, operands: "[skip]", read: aliasFromDirectory},
	}}
)

const vercelOptions = `h,help!help v,version!help cwd=enter A,local-config= Q,global-config= d,debug no-color S,scope= t,token= T,team= prod prebuilt public!public y,yes f,force
	m,meta= e,env= b,build-env= target= archive=? regions= l,logs no-wait with-cache skip-domain no-clipboard guidance`

// surgeSite sends a directory, to a host that is given or made up. A word alone is what any other program of that name has.
func surgeSite(r *reading) {
	named := func(s string) bool { return strings.ContainsAny(s, "./") }
	if r.refuses = !slices.ContainsFunc(r.LocalPaths, named) && !slices.ContainsFunc(r.Remotes, func(remote Remote) bool { return named(remote.Host) }); !r.refuses {
		sendsTo("surge.surge.sh")(r)
	}
}

// getsFrom is of a tool that knows where from.
func getsFrom(host string) func(*reading) {
	return func(r *reading) {
		if len(r.Remotes) == 0 {
			r.remote(Remote{Host: host})
		}
	}
}

// sendsTo is of a tool that knows where to, and sends the directory where it is told nothing else.
func sendsTo(host string) func(*reading) {
	known := getsFrom(host)
	return func(r *reading) {
		known(r)
		fromDirectory(r)
	}
}
