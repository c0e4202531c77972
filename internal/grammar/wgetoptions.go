package grammar

import "strings"

// wgetShort are the letters of GNU Wget 1.21. -n takes letters: -nv, -nc, -nvc, also -n v.
const wgetShort = "46bcdEFhHkKLmNpqrSvVx" + "A:a:B:D:e:i:I:l:n:o:O:P:Q:R:t:T:U:w:X:Y:"

// wgetValues are the long options of GNU Wget 1.21 that take a value, as the
// program itself says; those of some builds only (metalink, c-ares) are left out
// for the sake of what is unique.
const wgetValues = `
	accept accept-regex append-output base bind-address body-data body-file ca-certificate ca-directory certificate
	certificate-type ciphers compression config connect-timeout crl-file cut-dirs default-page directory-prefix
	dns-timeout domains dot-style egd-file exclude-directories exclude-domains execute follow-tags ftp-password
	ftp-user header hsts-file http-passwd http-password http-user ignore-tags include-directories input-file level
	limit-rate load-cookies local-encoding max-redirect method no output-document output-file password pinnedpubkey
	post-data post-file prefer-family private-key private-key-type progress proxy-passwd proxy-password proxy-user
	quota random-file read-timeout referer regex-type reject reject-regex rejected-log remote-encoding report-speed
	restrict-file-names retry-on-http-error save-cookies secure-protocol start-pos timeout tries use-askpass user
	user-agent wait waitretry warc-dedup warc-file warc-header warc-max-size warc-tempdir`

// wgetSwitches are the others. Each may have a value (--spider=off), and --no- before it.
const wgetSwitches = `
	adjust-extension ask-password auth-no-challenge background backup-converted backups cache check-certificate
	clobber content-disposition content-on-error continue convert-file-only convert-links cookies debug delete-after
	directories dns-cache dont-remove-listing follow-ftp force-directories force-html ftps-clear-data-connection
	ftps-fallback-to-ftp ftps-implicit ftps-resume-ssl glob host-directories hsts html-extension htmlify
	http-keep-alive https-only if-modified-since ignore-case ignore-length inet4-only inet6-only iri keep-badhash
	keep-session-cookies mirror netrc page-requisites parent passive-ftp preserve-permissions protocol-directories
	proxy quiet random-wait recursive relative remove-listing retr-symlinks retry-connrefused retry-on-host-error
	save-headers server-response show-progress span-hosts spider strict-comments timestamping trust-server-names
	unlink use-server-timestamps verbose warc-cdx warc-compression warc-digests warc-keep-log xattr`

// wgetOptions are GNU Wget's, by getopt_long(3).
var wgetOptions = Options{
	Short: wgetShort, Long: wgetLong(), Permute: true, Abbreviate: true,
}.compiled()

// wget2Options are those and what Wget2 has besides. It does not complete names.
var wget2Options = Options{
	Short: wgetShort, Permute: true, Long: wgetLong() + `
	input-encoding= http2-request-window= cookie-suffixes= default-http-port= default-https-port= filter-mime-type=
	gnutls-options= hpkp-file= http-proxy= http-proxy-password= http-proxy-user= https-enforce= https-proxy=
	https-proxy-password= https-proxy-user= local-plugin= max-threads= netrc-file= ocsp-file= ocsp-server= plugin=
	plugin-dirs= plugin-opt= tls-session-file= retry-on-status= save-content-on= stats-site=? gnupg-homedir=
	signature-extensions= chunk-size= force-atom force-css force-metalink force-rss force-sitemap check-hostname
	no-check-hostname`,
}.compiled()

func wgetLong() string {
	var b strings.Builder
	b.WriteString("help version no-config ")
	for name := range strings.FieldsSeq(wgetValues) {
		b.WriteString(name + "= ")
	}
	for name := range strings.FieldsSeq(wgetSwitches) {
		b.WriteString(name + "=? no-" + name + " ")
	}
	return b.String()
}
