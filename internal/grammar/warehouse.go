package grammar

import "strings"

// Clients of data warehouses, which load files and hand out tables.

var (
	// bq help load, bq help extract
	bq = &verb{singleDash: true, options: `h,help!help version!help project_id= dataset_id= location= format= job_id= api=endpoint bigqueryrc= credential_file= service_account= service_account_private_key_file=
		service_account_credential_file= max_rows_per_request= debug_mode quiet sync nosync headless apilog= ca_certificates_file= disable_ssl_validation!unverified httplib2_debuglevel= job_property= trace= universe_domain=
		proxy_address=proxy proxy_port= proxy_username= proxy_password= use_gce_service_account fingerprint_job_id dry_run!help`,
		verbs: map[string]*verb{
			"load": {direction: Upload, options: `source_format= F,field_delimiter= skip_leading_rows= null_marker= null_markers= max_bad_records= E,encoding= quote= time_partitioning_field= time_partitioning_type=
				time_partitioning_expiration= schema= destination_kms_key= clustering_fields= range_partitioning= projection_fields= hive_partitioning_mode= hive_partitioning_source_uri_prefix= json_extension=
				decimal_target_types= schema_update_option= parquet_enum_as_string parquet_enable_list_inference reference_file_schema_uri= file_set_spec_type= metadata_cache_mode= column_name_character_map=
				session_id= time_zone= date_format= datetime_format= time_format= timestamp_format= source_column_match= autodetect replace noreplace append_table ignore_unknown_values allow_jagged_rows
				allow_quoted_newlines preserve_ascii_control_characters replace_data require_partition_filter thrift_options= copy_files_only create_session`, operands: "skip skip [skip]", read: loadTable},
			"extract": {direction: RemoteToRemote, options: `destination_format= compression= F,field_delimiter= print_header noprint_header use_avro_logical_types m,model add_serving_default_signature trial_id=
				reservation_id=`, operands: "skip skip", read: extractTable},
		}}
	// databricks fs cp --help, 0.2
	databricks = &verb{options: "h,help!help p,profile= t,target= o,output= debug var= log-file= log-format= log-level= progress-format=", verbs: map[string]*verb{
		"fs": {verbs: map[string]*verb{"cp": {options: "overwrite r,recursive concurrency=", operands: "skip skip", read: dbfsCopy}}},
		"workspace": {verbs: map[string]*verb{
			"import":                {direction: Upload, options: "file=input format= language= l= overwrite content=inline json=", operands: "[skip]", read: toWorkspace},
			"import-dir|import_dir": {direction: Upload, options: "overwrite o e exclude-hidden-files", operands: "input skip", read: toWorkspace},
			"export":                {direction: Download, options: "file=output format= f=", operands: "skip", read: toWorkspace},
			"export-dir|export_dir": {direction: Download, options: "overwrite o", operands: "skip output", read: toWorkspace},
		}},
		"sync": {direction: Upload, options: "exclude= exclude-from= include= include-from= full interval= watch dry-run!help output=", operands: "input skip", read: toWorkspace},
	}}
	// snow stage copy --help, 3
	snow = &verb{options: "h,help!help version!help config-file= debug info", verbs: map[string]*verb{
		"sql": {options: "q,query=value f,filename=opaque i,stdin!stdin D,variable= " + snowOptions, read: runSnowSQL},
		"stage|object": {verbs: map[string]*verb{
			"copy":  {options: "overwrite parallel= recursive refresh auto-compress " + snowOptions, operands: "skip skip", read: stageCopy},
			"stage": {verbs: map[string]*verb{"copy": {options: "overwrite parallel= recursive " + snowOptions, operands: "skip skip", read: stageCopy}}},
		}},
	}}
	// snowsql --help, 1.3
	snowsql = &verb{options: `h= H,help!help v,version!help a,accountname=name u,username= d,dbname= s,schemaname= r,rolename= w,warehouse= host=url p,port= region= m,mfa-passcode= mfa-passcode-in-password
		abort-detached-query probe-connection P,prompt single_transaction D,variable= o,option= authenticator= private-key-path= token= disable-request-pooling config= c,connection= q,query=value f,filename=opaque
		proxy-host=proxy proxy-port= proxy-user= proxy-password= query_tag= generate-jwt noup client-session-keep-alive`, read: runSnowSQL}
)

const snowOptions = `c,connection,environment= host=url port= account,accountname=name user,username= password= authenticator= private-key-file,private-key-path= token= token-file-path= database,dbname= schema,schemaname=
	role,rolename= warehouse= x,temporary-connection mfa-passcode= enable-diag diag-log-path= format= verbose,v debug silent`

// loadTable is bq load TABLE SOURCE[,SOURCE...] [SCHEMA]: of files, or of objects that are in the cloud already.
func loadTable(r *reading) {
	table := Remote{Scheme: "bq", Host: "bigquery.googleapis.com", Path: r.operands[0]}
	r.remote(table)
	r.Direction = RemoteToRemote
	for source := range strings.SplitSeq(r.operands[1], ",") {
		if object, ok := parseURL(source); ok {
			r.remote(object)
			continue
		}
		r.Direction = Upload
		r.addInput(r.Command, source)
	}
}

func extractTable(r *reading) {
	r.remote(Remote{Scheme: "bq", Host: "bigquery.googleapis.com", Path: r.operands[0]})
	for target := range strings.SplitSeq(r.operands[1], ",") {
		r.remote(parseURLOrHost(target))
	}
}

// dbfsCopy is databricks fs cp: dbfs:/x is there, and what has no scheme or file:/ is here.
func dbfsCopy(r *reading) {
	for i, end := range r.operands {
		r.operands[i] = strings.TrimPrefix(end, "file:")
	}
	copyBetween(r, r.operands[:2], func(s string) (Remote, bool) {
		path, ok := strings.CutPrefix(s, "dbfs:")
		return Remote{Scheme: "dbfs", URL: s, Path: path}, ok
	})
}

// toWorkspace is of commands whose other end is the workspace that the configuration names.
func toWorkspace(r *reading) {
	if len(r.Remotes) == 0 {
		r.signal(Alias)
	}
}

// runSnowSQL reads the statements that copy files: PUT file:///x @stage and GET @stage file:///dir/.
func runSnowSQL(r *reading) {
	for statement := range strings.SplitSeq(r.value, ";") {
		words := strings.Fields(statement)
		if len(words) < 3 {
			continue
		}
		switch strings.ToUpper(words[0]) {
		case "PUT":
			r.stage(Upload, words[2], words[1])
		case "GET":
			r.stage(Download, words[1], words[2])
		}
	}
	if r.Direction == NoCopy && len(r.Opaque) > 0 {
		r.Direction = Unknown
	}
	r.atAccount()
}

// stageCopy is snow stage copy SOURCE TARGET: @stage is there.
func stageCopy(r *reading) {
	from, to := r.operands[0], r.operands[1]
	switch isStage, onStage := strings.HasPrefix(from, "@"), strings.HasPrefix(to, "@"); {
	case isStage && onStage:
		r.Direction = RemoteToRemote
	case onStage:
		r.stage(Upload, to, from)
	case isStage:
		r.stage(Download, from, to)
	}
	r.atAccount()
}

// stage takes a copy of a local file to or from a stage of Snowflake.
func (r *reading) stage(direction Direction, stage, file string) {
	if r.Direction != NoCopy && r.Direction != direction {
		direction = Bidirectional
	}
	r.Direction = direction
	r.addPath(strings.TrimPrefix(strings.Trim(file, "'"), "file://"))
	r.tags = append(r.tags, strings.Trim(stage, "'"))
}

// atAccount adds the host of the account, with the stages there.
func (r *reading) atAccount() {
	if r.Direction == NoCopy || len(r.Remotes) > 0 {
		return
	}
	if r.dir == "" { // of a connection in the configuration
		r.signal(Alias)
		return
	}
	host := Remote{Host: r.dir + ".snowflakecomputing.com"}
	for _, stage := range r.tags {
		host.Path = stage
		r.remote(host)
	}
	if len(r.tags) == 0 {
		r.remote(host)
	}
}
