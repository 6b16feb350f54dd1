"""Which directives Apache has: where each may stand, and how often it counts.

Source: the directive quick reference of the manual of 2.4.71 (Debian 12). It is not complete:
modules of others add names, so a name that is not here says nothing.
"""

from __future__ import annotations

from functools import cache

from msgspec import Struct

# Contexts (s the server, v virtual hosts, d directories, h .htaccess), then whether the last one of
# a level counts (flag: On or Off; once) or all of them do (many).
_TABLE = """
d flag: AuthFormDisableNoStore AuthFormFakeBasicAuth AuthzDBDLoginToReferer ModMimeUsePathInfo
d many: AllowMethods AllowOverride AllowOverrideList AuthDBDUserPWQuery AuthDBDUserRealmQuery
    AuthFormLoginRequiredLocation AuthFormLoginSuccessLocation AuthFormLogoutLocation
    AuthFormSitePassphrase AuthnzFcgiCheckAuthnProvider AuthzDBDQuery AuthzDBDRedirectQuery
    BalancerMember DavBasePath ExtFilterOptions KeptBodySize LogMessage ModemStandard
d once: AuthFormBody AuthFormLocation AuthFormMethod AuthFormMimetype AuthFormPassword
    AuthFormSize AuthFormUsername AuthnCacheContext Dav
dh flag: Anonymous_LogEmail Anonymous_MustGiveEmail Anonymous_NoUserID Anonymous_VerifyEmail
    AuthBasicAuthoritative AuthFormAuthoritative AuthLDAPBindAuthoritative AuthLDAPCompareAsUser
    AuthLDAPCompareDNOnServer AuthLDAPGroupAttributeIsDN AuthLDAPInitialBindAsUser
    AuthLDAPRemoteUserIsDN AuthLDAPSearchAsUser AuthzSendForbiddenOnFailure CGIPassAuth SSIETag
    SSILastModified SSILegacyExprParser SubstituteInheritBefore
dh many: Allow Anonymous AuthBasicFake AuthBasicProvider AuthDBMGroupFile AuthDBMUserFile
    AuthDigestDomain AuthDigestProvider AuthDigestQop AuthFormProvider AuthGroupFile
    AuthLDAPBindDN AuthLDAPBindPassword AuthLDAPInitialBindPattern AuthLDAPRemoteUserAttribute
    AuthLDAPURL AuthMerging AuthName AuthType AuthUserFile AuthnCacheProvideFor
    AuthnCacheTimeout CGIMapExtension CGIVar Deny ForceType InputSed LDAPReferralHopLimit
    LDAPTrustedClientCert OutputSed Require RewriteBase SSLRequire SSLRequireSSL Substitute
dh once: AuthBasicUseDigestAlgorithm AuthDBMType AuthDigestAlgorithm AuthDigestNonceLifetime
    AuthLDAPAuthorizePrefix AuthLDAPDereferenceAliases AuthLDAPGroupAttribute
    AuthLDAPMaxSubGroupDepth AuthLDAPSubGroupAttribute AuthLDAPSubGroupClass AuthzDBMType
    BufferSize LDAPReferrals Order SSLRenegBufferSize Satisfy SubstituteMaxLineLength
s flag: BufferedLogs DTracePrivileges DumpIOInput DumpIOOutput EnableExceptionHook
    ExtendedStatus LDAPVerifyServerCert MDBaseServer MDCertificateStatus MDMustStaple
    MDProfileMandatory MDRenewViaARI MDServerStatus MDStapleOthers MDStapling SSLFIPS
    SeeRequestTail Suexec
s many: AcceptFilter AsyncRequestWorkerFactor AuthLDAPCharsetConfig AuthnCacheEnable
    AuthnCacheSOCache AuthnzFcgiDefineProvider CacheFile ChrootDir ExtFilterDefine GlobalLog
    H2MaxWorkers H2MinWorkers HeartbeatAddress HeartbeatListen LDAPConnectionTimeout
    LDAPLibraryDebug LDAPSharedCacheFile LDAPTrustedGlobalCert Listen LuaAuthzProvider
    LuaInputFilter LuaOutputFilter MDActivationDelay MDCAChallenges MDCertificateAgreement
    MDCertificateCheck MDCertificateFile MDCertificateKeyFile MDCertificateMonitor
    MDChallengeDns01 MDContactEmail MDExternalAccountBinding MDHttpProxy MDMember MDMessageCmd
    MDNotifyCmd MDPortMap MDPrivateKeys MDProfile MDomain MMapFile MaxRequestWorkers
    MaxSpareThreads MinSpareThreads Mutex NWSSLTrustedCerts NWSSLUpgradeable NameVirtualHost
    RegexDefaultOptions RegisterHttpMethod SSLRandomSeed SSLStaplingCache SecureListen
    ServerLimit SessionCryptoDriver StartServers StartThreads ThreadLimit ThreadStackSize
    ThreadsPerChild UNCList UnDefine xml2EncAlias
s once: AuthDigestShmemSize CoreDumpDirectory DefaultRuntimeDir GracefulShutdownTimeout Group
    H2MaxWorkerIdleSeconds HeartbeatMaxServers HeartbeatStorage LDAPCacheEntries LDAPCacheTTL
    LDAPOpCacheEntries LDAPOpCacheTTL LDAPRetries LDAPRetryDelay LDAPSharedCacheSize LDAPTimeout
    ListenBackLog ListenCoresBucketsRatio ListenTCPDeferAccept MDCACertificateFile
    MDCertificateAuthority MDCertificateProtocol MDChallengeDns01Version MDCheckInterval
    MDDriveMode MDHttpProxyCACertificateFile MDInitialDelay MDMatchNames MDMembers MDRenewMode
    MDRenewWindow MDRequireHttps MDRetryDelay MDRetryFailover MDStaplingKeepResponse
    MDStaplingRenewWindow MDStoreDir MDStoreLocks MDWarnWindow MaxConnectionsPerChild MaxMemFree
    MaxSpareServers MaxThreads MinSpareServers PidFile ProxyHCTPsize ReceiveBufferSize
    SSLCryptoDevice SSLPassPhraseDialog SSLSessionCache SSLVHostSNIPolicy ScoreBoardFile
    ScriptSock SendBufferSize ServerRoot ServerTokens TypesConfig User WatchdogInterval
sdh many: SSLUserName
sv flag: BalancerInherit BalancerPersist CacheIgnoreCacheControl CacheIgnoreQueryString
    CacheLock CacheNegotiatedDocs CacheQuickHandler DBDPersist H2Direct H2EarlyHints
    H2ModernTLSOnly H2OutputBuffering H2ProxyRequests H2SerializeHeaders H2WebSockets KeepAlive
    MergeSlashes ProtocolEcho ProtocolsHonorOrder ProxyExpressEnable ProxyPassInherit
    ProxyRequests ProxyWebsocketFallbackToProxyHttp RemoteIPProxyProtocol SSLCompression
    SSLEngine SSLHonorCipherOrder SSLInsecureRenegotiation SSLOCSPNoverify
    SSLOCSPOverrideResponder SSLOCSPUseRequestNonce SSLProxyCheckPeerCN SSLProxyCheckPeerExpire
    SSLProxyCheckPeerName SSLProxyEngine SSLSessionTickets SSLStaplingFakeTryLater
    SSLStaplingReturnResponderErrors SSLStrictSNIVHostCheck SSLUseStapling StrictHostCheck
sv many: AccessFileName AddModuleInfo Alias AliasMatch AllowCONNECT
    BrotliCompressionMaxInputBlock BrotliFilterNote CacheIgnoreHeaders
    CacheIgnoreURLSessionIdentifiers CacheKeyBaseURL CacheRoot CacheSocache CustomLog DBDInitSQL
    DBDParams DBDPrepareSQL DBDriver DavLockDB DeflateCompressionLevel DeflateFilterNote
    ErrorLogFormat ForensicLog GprofDir H2PushPriority HttpProtocolOptions ISAPICacheFile
    LDAPTrustedMode LimitInternalRecursion LoadFile LoadModule LogFormat LuaHookTranslateName
    LuaQuickHandler MimeMagicFile NoProxy Protocol Protocols ProxyBlock ProxyDomain
    ProxyExpressDBMFile ProxyHCExpr ProxyHCTemplate ProxyRemote ProxyRemoteMatch
    ProxySourceAddress RemoteIPHeader RemoteIPInternalProxy RemoteIPInternalProxyList
    RemoteIPProxiesHeader RemoteIPProxyProtocolExceptions RemoteIPTrustedProxy
    RemoteIPTrustedProxyList RequestReadTimeout RewriteMap SSLCACertificateFile
    SSLCACertificatePath SSLCADNRequestFile SSLCADNRequestPath SSLCARevocationCheck
    SSLCARevocationFile SSLCARevocationPath SSLCertificateChainFile SSLOCSPDefaultResponder
    SSLOCSPEnable SSLOCSPProxyURL SSLOCSPResponderCertificateFile SSLOpenSSLConfCmd SSLProtocol
    SSLProxyCACertificateFile SSLProxyCACertificatePath SSLProxyCARevocationFile
    SSLProxyCARevocationPath SSLProxyCipherSuite SSLProxyMachineCertificateChainFile
    SSLProxyMachineCertificateFile SSLProxyMachineCertificatePath SSLProxyProtocol
    SSLSRPUnknownUserSeed SSLSRPVerifierFile SSLSessionTicketKeyFile SSLStaplingForceURL
    ScriptAliasMatch ScriptLog SuexecUserGroup TransferLog UserDir
sv once: AllowEncodedSlashes BalancerGrowth BrotliAlterETag BrotliCompressionQuality
    BrotliCompressionWindow CacheDirLength CacheDirLevels CacheLockMaxAge CacheLockPath
    DBDExptime DBDKeep DBDMax DBDMin DeflateAlterETag DeflateBufferSize DeflateMemLevel
    DeflateWindowSize DocumentRoot ErrorLog FlushMaxPipelined FlushMaxThreshold
    H2MaxDataFrameLen H2MaxHeaderBlockLen H2MaxSessionStreams H2MaxStreamErrors H2Padding
    H2PushDiarySize H2StreamMaxMemSize H2TLSCoolDownSecs H2TLSWarmUpSize H2WindowSize
    KeepAliveTimeout LDAPConnectionPoolTTL LimitRequestFieldSize LimitRequestFields
    LimitRequestLine MaxKeepAliveRequests MemcacheConnTTL MergeTrailers ProxyBadHeader
    ProxyExpressDBMType ProxyIOBufferSize ProxyMaxForwards ProxyReceiveBufferSize ProxyStatus
    ProxyTimeout ProxyVia RedisConnPoolTTL RedisTimeout SSIEndTag SSIStartTag SSLCertificateFile
    SSLCertificateKeyFile SSLOCSPResponderTimeout SSLOCSPResponseMaxAge SSLOCSPResponseTimeSkew
    SSLProxyCARevocationCheck SSLProxyVerify SSLProxyVerifyDepth SSLSessionCacheTimeout
    SSLStaplingErrorCacheTimeout SSLStaplingResponderTimeout SSLStaplingResponseMaxAge
    SSLStaplingResponseTimeSkew SSLStaplingStandardCacheTimeout ScriptLogBuffer ScriptLogLength
    ServerAdmin ServerName TimeOut TraceEnable VirtualDocumentRoot VirtualDocumentRootIP
    VirtualScriptAlias VirtualScriptAliasIP
svd flag: AliasPreservePath DavDepthInfinity IdentityCheck Proxy100Continue ProxyAddHeaders
    ProxyFtpEscapeWildcards ProxyFtpListOnWildcard ProxyHTMLEnable ProxyHTMLExtended
    ProxyHTMLInterp ProxyHTMLMeta ProxyHTMLStripComments ProxyPassInterpolateEnv
    ProxyPreserveHost QualifyRedirectURL RedirectRelative UseCanonicalPhysicalPort
svd many: CacheEnable DavGenericLockDB Define FilterTrace H2StreamTimeout Include
    IncludeOptional MaxRangeOverlaps MaxRangeReversals MaxRanges ProxyErrorOverride
    ProxyHTMLCharsetOut ProxyHTMLDocType ProxyHTMLEvents ProxyHTMLFixups ProxyHTMLLinks
    ProxyHTMLURLMap ProxyPass ProxyPassMatch ProxyPassReverse ProxyPassReverseCookieDomain
    ProxyPassReverseCookiePath ProxySet Script ScriptAlias SessionCryptoPassphraseFile
    UndefMacro Use
svd once: DavMinTimeout HostnameLookups IdentityCheckTimeout LogLevel PrivilegesMode
    ProxyFtpDirCharset ProxyHTMLBufSize ProxySCGIInternalRedirect ProxySCGISendfile
    ReadBufferSize UseCanonicalName
svdh flag: CacheDetailHeader CacheHeader CacheIgnoreNoLastMod CacheStaleOnError
    CacheStoreExpired CacheStoreNoStore CacheStorePrivate CheckBasenameMatch CheckCaseOnly
    CheckSpelling ContentDigest CookieHTTPOnly CookieSecure CookieTracking DavLockDiscovery
    DirectoryCheckHandler DirectorySlash EnableMMAP EnableSendfile ExpiresActive H2CopyFiles
    H2Push H2Upgrade ISAPIAppendLogToErrors ISAPIAppendLogToQuery ISAPIFakeAsync
    ISAPILogNotSupported IndexIgnoreReset LogIOTrackTTFB MetaFiles RewriteEngine Session
    SessionCookieRemove SessionDBDCookieRemove SessionDBDPerUser SessionEnv
svdh many: Action AddAlt AddAltByEncoding AddAltByType AddCharset AddDescription AddEncoding
    AddHandler AddIcon AddIconByEncoding AddIconByType AddInputFilter AddLanguage
    AddOutputFilter AddOutputFilterByType AddType BrowserMatch BrowserMatchNoCase
    CGIDScriptTimeout CGIScriptTimeout CacheDisable CharsetDefault CharsetOptions
    CharsetSourceEnc CookieDomain CookieExpires CookieSameSite DefaultIcon DefaultLanguage
    DeflateInflateLimitRequestBody DirectoryIndex DirectoryIndexRedirect Error ErrorDocument
    Example ExpiresByType ExpiresDefault FallbackResource FileETag FilterChain FilterDeclare
    FilterProtocol FilterProvider ForceLanguagePriority H2EarlyHint H2PushResource Header
    HeaderName IndexHeadInsert IndexIgnore IndexOptions IndexOrderDefault IndexStyleSheet
    LanguagePriority LuaHookAccessChecker LuaHookAuthChecker LuaHookCheckUserID LuaHookFixups
    LuaHookInsertFilter LuaHookLog LuaHookMapToStorage LuaHookPreTranslate LuaHookTypeChecker
    LuaMapHandler LuaPackageCPath LuaPackagePath LuaRoot LuaScope MultiviewsMatch Options
    PassEnv ProxyFCGISetEnvIf RLimitCPU RLimitMEM RLimitNPROC ReadmeName Redirect RedirectMatch
    RedirectPermanent RedirectTemp ReflectorHeader RequestHeader RewriteCond RewriteOptions
    RewriteRule SSLCipherSuite SSLOptions SessionCookieName SessionCookieName2
    SessionCryptoPassphrase SessionDBDCookieName SessionDBDCookieName2 SessionExclude
    SessionHeader SessionInclude SetEnv SetEnvIf SetEnvIfExpr SetEnvIfNoCase SetInputFilter
    SetOutputFilter UnsetEnv xml2EncDefault xml2StartParse
svdh once: AcceptPathInfo AddDefaultCharset CacheDefaultExpire CacheLastModifiedFactor
    CacheMaxExpire CacheMaxFileSize CacheMinExpire CacheMinFileSize CacheReadSize CacheReadTime
    CacheSocacheMaxSize CacheSocacheMaxTime CacheSocacheMinTime CacheSocacheReadSize
    CacheSocacheReadTime CookieName CookieStyle DefaultType DeflateInflateRatioBurst
    DeflateInflateRatioLimit ISAPIReadAheadBuffer ImapBase ImapDefault ImapMenu LimitRequestBody
    LimitXMLRequestBody LuaCodeCache LuaInherit MetaDir MetaSuffix ProxyFCGIBackendType
    SSIErrorMsg SSITimeFormat SSIUndefinedEcho SSLVerifyClient SSLVerifyDepth
    ScriptInterpreterSource ServerSignature SessionCryptoCipher SessionDBDDeleteLabel
    SessionDBDInsertLabel SessionDBDSelectLabel SessionDBDUpdateLabel
    SessionExpiryUpdateInterval SessionMaxAge SetHandler XBitHack
v flag: VHostSecure
v many: ServerAlias ServerPath VHostCGIPrivs VHostGroup VHostPrivs VHostUser
v once: VHostCGIMode
vdh many: RemoveCharset RemoveEncoding RemoveHandler RemoveInputFilter RemoveLanguage
    RemoveOutputFilter RemoveType
"""

# Old names; both are read.
_RENAMED = {
    "maxclients": "MaxRequestWorkers",
    "maxrequestsperchild": "MaxConnectionsPerChild",
}
_SECTIONS = (
    "AuthnProviderAlias", "AuthzProviderAlias", "Directory", "DirectoryMatch", "Else", "ElseIf",
    "Files", "FilesMatch", "If", "IfDefine", "IfDirective", "IfFile", "IfModule", "IfSection",
    "IfVersion", "Limit", "LimitExcept", "Location", "LocationMatch", "Macro", "MDomainSet", "Proxy",
    "ProxyMatch", "RequireAll", "RequireAny", "RequireNone", "VirtualHost", "Perl",
)  # fmt: skip

# Directives that only prefork has.
ONLY_PREFORK = frozenset({"MinSpareServers", "MaxSpareServers"})
# Of modules of others, which the last one of a level counts of too.
_OTHERS_ONCE = ("WSGIPythonHome", "PassengerMaxPoolSize", "FcgidMaxProcesses", "FcgidIOTimeout")


class Directive(Struct, frozen=True):
    """*contexts*: letters of where it may stand. *is_once*: the last of a level counts."""

    name: str
    contexts: str
    is_once: bool


@cache
def directives() -> dict[str, Directive]:
    """Every directive, by its name in small letters."""
    found: dict[str, Directive] = {}
    contexts, is_once = "", False
    for word in _TABLE.split():
        if word in _KINDS:
            is_once = word != "many:"
        elif set(word) <= set("svdh-"):
            contexts = word
        else:
            found[word.lower()] = Directive(word, contexts, is_once)
    for word in _OTHERS_ONCE:
        found[word.lower()] = Directive(word, "svdh", is_once=True)
    return found


_KINDS = frozenset({"flag:", "once:", "many:"})


@cache
def _sections() -> dict[str, str]:
    return {name.lower(): name for name in _SECTIONS}


def canonical(written: str) -> str:
    """The name as the manual writes it; that of today where it was renamed."""
    small = written.lower()
    known = directives().get(small)
    return _RENAMED.get(small) or (known.name if known else written)


def section(written: str) -> str:
    """A section's name as the manual writes it."""
    return _sections().get(written.lower(), written)
