package grammar

// The options of rclone: those that rclone 1.60 prints (rclone help flags, rclone
// copy --help and the like), and those that rclone.org has of later versions.
// pflag gives one that takes a value the next argument, whatever that looks
// like; therefore both kinds are listed.

const rcloneSwitches = "absolute all allow-non-empty allow-other allow-root append-only ask-password async-read auto-confirm auto-filename azureblob-archive-tier-delete " +
	"azureblob-directory-markers azureblob-disable-checksum azureblob-disable-instance-discovery azureblob-env-auth azureblob-memory-pool-use-mmap " +
	"azureblob-no-check-container azureblob-no-head-object azureblob-use-az azureblob-use-emulator azureblob-use-msi b2-disable-checksum b2-hard-delete " +
	"b2-memory-pool-use-mmap b2-versions base64 by-hash cache-chunk-no-memory cache-db-purge cache-objects cache-writes check-access check-first checksum " +
	"chunker-fail-hard color copy-links create-empty-src-dirs crypt-directory-name-encryption crypt-no-data-encryption crypt-server-side-across-configs " +
	"crypt-show-mapping csv daemon debug-fuse default-permissions delete-after delete-before delete-during delete-empty-src-dirs delete-excluded dir-slash " +
	"direct-io dirs-only dirsfirst disable-dir-list disable-http-keep-alives disable-http2 discard download download-hash drive-acknowledge-abuse drive- " +
	"allow-import-name-change drive-auth-owner-only drive-copy-shortcut-content drive-disable-http2 drive-env-auth drive-fast-list-bug-fix drive-keep- " +
	"revision-forever drive-server-side-across-configs drive-shared-with-me drive-show-all-gdocs drive-size-as-quota drive-skip-checksum-gphotos drive- " +
	"skip-dangling-shortcuts drive-skip-gdocs drive-skip-shortcuts drive-starred-only drive-stop-on-download-limit drive-stop-on-upload-limit drive- " +
	"trashed-only drive-use-created-date drive-use-shared-date drive-use-trash dropbox-shared-files dropbox-shared-folders dry-run dump-bodies dump-headers " +
	"encrypted error-on-no-transfer fast-list files-only fix-case force force-path-style forget-state ftp-ask-password ftp-disable-epsv ftp-disable-mlsd " +
	"ftp-disable-tls13 ftp-disable-utf8 ftp-explicit-tls ftp-force-list-hidden ftp-no-check-certificate ftp-no-check-upload ftp-tls ftp-writing-mdtm full " +
	"full-path gcs-anonymous gcs-bucket-policy-only gcs-decompress gcs-directory-markers gcs-env-auth gcs-no-check-bucket gphotos-include-archived gphotos- " +
	"read-only gphotos-read-size header-filename help hidrive-disable-fetching-member-count http-no-escape http-no-head http-no-slash human-readable " +
	"ignore-case ignore-case-sync ignore-checksum ignore-errors ignore-existing ignore-listing-checksum ignore-size ignore-times immutable inplace " +
	"interactive internetarchive-disable-checksum jottacloud-hard-delete jottacloud-no-versions jottacloud-trashed-only json koofr-setmtime leave-root " +
	"links links-follow local-case-insensitive local-case-sensitive local-no-check-updated local-no-clone local-no-preallocate local-no-set-modtime local- " +
	"no-sparse local-nounc local-skip-specials local-unicode-normalization local-zero-size-links localtime log-systemd log-trace loopback mailru-check-hash " +
	"mailru-speedup-enable metadata modtime network-mode no-auth no-check-certificate no-check-dest no-checksum no-cleanup no-clobber no-console no-gzip- " +
	"encoding no-mimetype no-modtime no-output no-seek no-slow-hash no-spec no-traverse no-unicode-normalization no-update-dir-modtime no-update-modtime " +
	"noappledouble noapplexattr noindent noreport one-file-system one-way onedrive-av-override onedrive-delta onedrive-expose-onenote-files onedrive-hard- " +
	"delete onedrive-no-versions onedrive-server-side-across-configs original print-filename private-repos progress progress-terminal-title protections " +
	"quiet quote rc rc-enable-metrics rc-no-auth rc-serve rc-serve-no-modtime rc-web-gui rc-web-gui-force-update rc-web-gui-no-open-browser rc-web-gui- " +
	"update read-only recover recursive refresh-times remove-empty-dirs resilient resync rmdirs s3-decompress s3-directory-bucket s3-directory-markers " +
	"s3-disable-checksum s3-disable-http2 s3-env-auth s3-force-path-style s3-leave-parts-on-error s3-memory-pool-use-mmap s3-no-check-bucket s3-no-head " +
	"s3-no-head-object s3-no-system-metadata s3-requester-pays s3-use-accelerate-endpoint s3-use-dual-stack s3-use-presigned-request s3-v2-auth s3-version- " +
	"deleted s3-versions seafile-2fa seafile-create-library server-side-across-configs sftp-ask-password sftp-copy-is-hardlink sftp-disable-concurrent- " +
	"reads sftp-disable-concurrent-writes sftp-disable-hashcheck sftp-key-use-agent sftp-set-modtime sftp-skip-links sftp-use-fstat sftp-use-insecure- " +
	"cipher size-only skip-links skip-specials slow-hash-sync-only smb-case-insensitive smb-hide-special-share sort-ctime sort-modtime sort-reverse " +
	"stat stats-one-line stats-one-line-date stdio stdout suffix-keep-extension sugarsync-hard-delete swift-env-auth swift-leave-parts-on-error swift-no- " +
	"chunk swift-no-large-objects syslog track-renames unlink unsorted update urls use-cookies use-json-log use-mmap use-server-modtime verbose version " +
	"vfs-case-insensitive vfs-fast-fingerprint vfs-links vfs-refresh webdav-auth-redirect write-back-cache vfs-used-is-size yandex-hard-delete"

const rcloneValues = "acd-auth-url= acd-client-id= acd-client-secret= acd-encoding= acd-templink-threshold= acd-token-url= acd-token= acd-upload-wait-per-gb= addr= alias- " +
	"remote= allow-origin= announce-interval= arg= attr-timeout= auth-key= auth-proxy= authorized-keys= azureblob-access-tier= azureblob-account= " +
	"azureblob-chunk-size= azureblob-client-certificate-password= azureblob-client-certificate-path= azureblob-client-id= azureblob-client-secret= " +
	"azureblob-connection-string= azureblob-delete-snapshots= azureblob-encoding= azureblob-endpoint= azureblob-key= azureblob-list-chunk= azureblob- " +
	"memory-pool-flush-time= azureblob-msi-client-id= azureblob-msi-mi-res-id= azureblob-msi-object-id= azureblob-password= azureblob-public-access= " +
	"azureblob-sas-url= azureblob-service-principal-file= azureblob-tenant= azureblob-upload-concurrency= azureblob-upload-cutoff= azureblob-username= " +
	"azurefiles-account= azurefiles-connection-string= azurefiles-endpoint= azurefiles-key= azurefiles-sas-url= azurefiles-share-name= b2-account= " +
	"b2-chunk-size= b2-copy-cutoff= b2-download-auth-duration= b2-download-url= b2-encoding= b2-endpoint= b2-key= b2-lifecycle= b2-memory-pool-flush-time= " +
	"b2-test-mode= b2-upload-cutoff= b2-version-at= backup-dir1= backup-dir2= backup-dir= base-dir= baseurl= bind= box-access-token= box-auth-url= box-box- " +
	"config-file= box-box-sub-type= box-client-id= box-client-secret= box-commit-retries= box-encoding= box-list-chunk= box-owned-by= box-root-folder-id= " +
	"box-token-url= box-token= box-upload-cutoff= buffer-size= bwlimit-file= bwlimit= ca-cert= cache-chunk-clean-interval= cache-chunk-path= cache-chunk- " +
	"size= cache-chunk-total-size= cache-db-path= cache-db-wait-time= cache-dir= cache-info-age= cache-plex-insecure= cache-plex-password= cache-plex-url= " +
	"cache-plex-username= cache-read-retries= cache-remote= cache-rps= cache-tmp-upload-path= cache-tmp-wait-time= cache-workers= cert= check-filename= " +
	"check-sync= checkers= checkfile= chunker-chunk-size= chunker-hash-type= chunker-remote= client-ca= client-cert= client-key= cluster-upstreams= " +
	"combine-upstreams= combined= compare-dest= compare= compress-level= compress-mode= compress-ram-cache-limit= compress-remote= config= conflict-loser= " +
	"conflict-resolve= conflict-suffix= contimeout= copy-dest= count= cpuprofile= crypt-filename-encoding= crypt-filename-encryption= crypt-password2= " +
	"crypt-password= crypt-remote= cutoff-mode= daemon-timeout= daemon-wait= dedupe-mode= default-time= devname= differ= dir-cache-time= dir-perms= " +
	"disable= drive-auth-url= drive-chunk-size= drive-client-id= drive-client-secret= drive-encoding= drive-export-formats= drive-formats= drive- " +
	"impersonate= drive-import-formats= drive-list-chunk= drive-pacer-burst= drive-pacer-min-sleep= drive-resource-key= drive-root-folder-id= drive-scope= " +
	"drive-service-account-credentials= drive-service-account-file= drive-team-drive= drive-token-url= drive-token= drive-upload-cutoff= drive-v2-download- " +
	"min-size= dropbox-auth-url= dropbox-batch-commit-timeout= dropbox-batch-mode= dropbox-batch-size= dropbox-batch-timeout= dropbox-chunk-size= dropbox- " +
	"client-id= dropbox-client-secret= dropbox-encoding= dropbox-impersonate= dropbox-root-namespace= dropbox-token-url= dropbox-token= dscp= dump= error= " +
	"etag-hash= exclude-from= exclude-if-present= exclude= expect-continue-timeout= expire= fichier-api-key= fichier-encoding= fichier-file-password= " +
	"fichier-folder-password= fichier-shared-folder= file-perms= filefabric-encoding= filefabric-permanent-token= filefabric-root-folder-id= filefabric- " +
	"token-expiry= filefabric-token= filefabric-url= filefabric-version= files-from-raw= files-from= filter-from= filter= filters-file= format= fs-cache- " +
	"expire-duration= fs-cache-expire-interval= ftp-close-timeout= ftp-concurrency= ftp-encoding= ftp-host= ftp-http-proxy= ftp-idle-timeout= ftp-pass= " +
	"ftp-port= ftp-shut-timeout= ftp-socks-proxy= ftp-tls-cache-size= ftp-user= fuse-flag= gcs-access-token= gcs-auth-url= gcs-bucket-acl= gcs-client-id= " +
	"gcs-client-secret= gcs-encoding= gcs-endpoint= gcs-location= gcs-object-acl= gcs-project-number= gcs-service-account-file= gcs-storage-class= gcs- " +
	"token-url= gcs-token= gid= gofile-access-token= gphotos-auth-url= gphotos-client-id= gphotos-client-secret= gphotos-encoding= gphotos-start-year= " +
	"gphotos-token-url= gphotos-token= hash-filter= hash-type= hasher-auto-size= hasher-hashes= hasher-max-age= hasher-remote= hdfs-data-transfer- " +
	"protection= hdfs-encoding= hdfs-namenode= hdfs-service-principal-name= hdfs-username= head= header-download= header-upload= header= hidrive-auth-url= " +
	"hidrive-chunk-size= hidrive-client-id= hidrive-client-secret= hidrive-encoding= hidrive-endpoint= hidrive-root-prefix= hidrive-scope-access= hidrive- " +
	"scope-role= hidrive-token-url= hidrive-token= hidrive-upload-concurrency= hidrive-upload-cutoff= htpasswd= http-headers= http-proxy= http-url= " +
	"iclouddrive-apple-id= iclouddrive-password= include-from= include= interface= internetarchive-access-key-id= internetarchive-encoding= " +
	"internetarchive-endpoint= internetarchive-front-endpoint= internetarchive-secret-access-key= internetarchive-wait-archive= jottacloud-encoding= " +
	"jottacloud-md5-memory-limit= jottacloud-upload-resume-limit= key= koofr-encoding= koofr-endpoint= koofr-mountid= koofr-password= koofr-provider= " +
	"koofr-user= kv-lock-time= level= linkbox-token= list-cutoff= local-encoding= log-file= log-format= log-level= low-level-retries= mailru-encoding= " +
	"mailru-pass= mailru-speedup-file-patterns= mailru-speedup-max-disk= mailru-speedup-max-memory= mailru-user= match= max-age= max-backlog= max-buffer- " +
	"memory= max-connections= max-delete= max-depth= max-duration= max-header-bytes= max-lock= max-read-ahead= max-size= max-stats-groups= max-transfer= " +
	"memprofile= metadata-exclude-from= metadata-exclude= metadata-filter-from= metadata-filter= metadata-include-from= metadata-include= metadata-mapper= " +
	"metadata-set= metrics-addr= min-age= min-size= min-tls-version= missing-on-dst= missing-on-src= modify-window= multi-thread-chunk-size= multi-thread- " +
	"cutoff= multi-thread-streams= multi-thread-write-buffer-size= name-transform= name= netstorage-account= netstorage-host= netstorage-protocol= " +
	"netstorage-secret= offset= onedrive-access-scopes= onedrive-auth-url= onedrive-chunk-size= onedrive-client-id= onedrive-client-secret= onedrive-drive- " +
	"id= onedrive-drive-type= onedrive-encoding= onedrive-link-password= onedrive-link-scope= onedrive-link-type= onedrive-list-chunk= onedrive-region= " +
	"onedrive-root-folder-id= onedrive-token-url= onedrive-token= opendrive-chunk-size= opendrive-encoding= opendrive-password= opendrive-username= opt= " +
	"option= order-by= output-file= output= partial-suffix= pass= password-command= pcloud-auth-url= pcloud-client-id= pcloud-client-secret= pcloud- " +
	"encoding= pcloud-hostname= pcloud-password= pcloud-root-folder-id= pcloud-token-url= pcloud-token= pcloud-username= pikpak-pass= pikpak-user= " +
	"pixeldrain-api-key= poll-interval= premiumizeme-encoding= protondrive-2fa= protondrive-password= protondrive-username= putio-encoding= rc-addr= rc- " +
	"allow-origin= rc-baseurl= rc-cert= rc-client-ca= rc-files= rc-htpasswd= rc-job-expire-duration= rc-job-expire-interval= rc-key= rc-max-header-bytes= " +
	"rc-min-tls-version= rc-pass= rc-realm= rc-server-read-timeout= rc-server-write-timeout= rc-template= rc-user-from-header= rc-user= rc-web-fetch-url= " +
	"realm= resync-mode= retries-sleep= retries= s3-access-key-id= s3-acl= s3-bucket-acl= s3-chunk-size= s3-copy-cutoff= s3-download-url= s3-encoding= " +
	"s3-endpoint= s3-ibm-api-key= s3-list-chunk= s3-list-url-encode= s3-list-version= s3-location-constraint= s3-max-upload-parts= s3-memory-pool-flush- " +
	"time= s3-might-gzip= s3-profile= s3-provider= s3-region= s3-role-arn= s3-sdk-log-mode= s3-secret-access-key= s3-server-side-encryption= s3-session- " +
	"token= s3-shared-credentials-file= s3-sse-customer-algorithm= s3-sse-customer-key-base64= s3-sse-customer-key-md5= s3-sse-customer-key= s3-sse-kms- " +
	"key-id= s3-storage-class= s3-sts-endpoint= s3-upload-concurrency= s3-upload-cutoff= s3-use-multipart-etag= s3-version-at= salt= seafile-encoding= " +
	"seafile-library-key= seafile-library= seafile-pass= seafile-url= seafile-user= separator= server-read-timeout= server-write-timeout= sftp-chunk-size= " +
	"sftp-ciphers= sftp-concurrency= sftp-connections= sftp-host-key-algorithms= sftp-host= sftp-http-proxy= sftp-idle-timeout= sftp-key-exchange= sftp- " +
	"key-file-pass= sftp-key-file= sftp-key-pem= sftp-known-hosts-file= sftp-macs= sftp-md5sum-command= sftp-pass= sftp-path-override= sftp-port= sftp- " +
	"pubkey-file= sftp-server-command= sftp-set-env= sftp-sha1sum-command= sftp-shell-type= sftp-socks-proxy= sftp-ssh= sftp-subsystem= sftp-user= " +
	"sharefile-chunk-size= sharefile-encoding= sharefile-endpoint= sharefile-root-folder-id= sharefile-upload-cutoff= sia-api-password= sia-api-url= sia- " +
	"encoding= sia-user-agent= smb-domain= smb-encoding= smb-host= smb-idle-timeout= smb-pass= smb-port= smb-spn= smb-user= socket-addr= socket-gid= sort= " +
	"stats-file-name-length= stats-log-level= stats-one-line-date-format= stats-unit= stats= storj-access-grant= storj-api-key= storj-passphrase= storj- " +
	"satellite-address= streaming-upload-cutoff= suffix= sugarsync-access-key-id= sugarsync-app-id= sugarsync-authorization-expiry= sugarsync- " +
	"authorization= sugarsync-deleted-id= sugarsync-encoding= sugarsync-private-access-key= sugarsync-refresh-token= sugarsync-root-id= sugarsync-user= " +
	"swift-application-credential-id= swift-application-credential-name= swift-application-credential-secret= swift-auth-token= swift-auth-version= swift- " +
	"auth= swift-chunk-size= swift-domain= swift-encoding= swift-endpoint-type= swift-key= swift-region= swift-storage-policy= swift-storage-url= swift- " +
	"tenant-domain= swift-tenant-id= swift-tenant= swift-user-id= swift-user= syslog-facility= tail= temp-dir= template= timeout= tpslimit-burst= tpslimit= " +
	"track-renames-strategy= transfers= uid= umask= union-action-policy= union-cache-time= union-create-policy= union-min-free-space= union-search-policy= " +
	"union-upstreams= uptobox-access-token= uptobox-encoding= url= user-agent= user= vfs-cache-max-age= vfs-cache-max-size= vfs-cache-mode= vfs-cache-poll- " +
	"interval= vfs-metadata-extension= vfs-read-ahead= vfs-read-chunk-size-limit= vfs-read-chunk-size= vfs-read-wait= vfs-write-back= " +
	"vfs-write-wait= volname= webdav-bearer-token-command= webdav-bearer-token= webdav-encoding= webdav-headers= webdav-nextcloud-chunk-size= webdav-pacer- " +
	"min-sleep= webdav-pass= webdav-unix-socket= webdav-url= webdav-user= webdav-vendor= workdir= yandex-auth-url= yandex-client-id= yandex-client-secret= " +
	"yandex-encoding= yandex-token-url= yandex-token= zoho-auth-url= zoho-client-id= zoho-client-secret= zoho-encoding= zoho-region= zoho-token-url= zoho- " +
	"token="
