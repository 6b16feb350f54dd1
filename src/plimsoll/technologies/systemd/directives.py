"""Which directives there are, by section.

Source: `systemd --dump-configuration-items` of 252, systemd.directives(7), the directives that
later versions added (up to 258) and those that were withdrawn.
"""

from __future__ import annotations

from itertools import product


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EXEC = _names("""
    WorkingDirectory RootDirectory RootImage RootImageOptions RootHash RootHashSignature
    RootVerity ExtensionDirectories ExtensionImages MountImages User Group SupplementaryGroups
    Nice OOMScoreAdjust CoredumpFilter IOSchedulingClass IOSchedulingPriority
    CPUSchedulingPolicy CPUSchedulingPriority CPUSchedulingResetOnFork CPUAffinity NUMAPolicy
    NUMAMask UMask Environment EnvironmentFile PassEnvironment UnsetEnvironment DynamicUser
    RemoveIPC StandardInput StandardOutput StandardError StandardInputText StandardInputData
    TTYPath TTYReset TTYVHangup TTYVTDisallocate TTYRows TTYColumns SyslogIdentifier
    SyslogFacility SyslogLevel SyslogLevelPrefix LogLevelMax LogRateLimitIntervalSec
    LogRateLimitBurst LogExtraFields SecureBits CapabilityBoundingSet AmbientCapabilities
    TimerSlackNSec NoNewPrivileges KeyringMode ProtectProc ProcSubset SystemCallFilter
    SystemCallArchitectures SystemCallErrorNumber SystemCallLog MemoryDenyWriteExecute
    RestrictNamespaces RestrictRealtime RestrictSUIDSGID RestrictAddressFamilies LockPersonality
    RestrictFileSystems LimitCPU LimitFSIZE LimitDATA LimitSTACK LimitCORE LimitRSS LimitNOFILE
    LimitAS LimitNPROC LimitMEMLOCK LimitLOCKS LimitSIGPENDING LimitMSGQUEUE LimitNICE
    LimitRTPRIO LimitRTTIME ReadWriteDirectories ReadOnlyDirectories InaccessibleDirectories
    ReadWritePaths ReadOnlyPaths InaccessiblePaths ExecPaths NoExecPaths ExecSearchPath
    BindPaths BindReadOnlyPaths TemporaryFileSystem PrivateTmp PrivateDevices
    ProtectKernelTunables ProtectKernelModules ProtectKernelLogs ProtectClock
    ProtectControlGroups NetworkNamespacePath IPCNamespacePath LogNamespace PrivateNetwork
    PrivateUsers PrivateMounts PrivateIPC ProtectSystem ProtectHome MountFlags MountAPIVFS
    Personality RuntimeDirectoryPreserve RuntimeDirectoryMode RuntimeDirectory
    StateDirectoryMode StateDirectory CacheDirectoryMode CacheDirectory LogsDirectoryMode
    LogsDirectory ConfigurationDirectoryMode ConfigurationDirectory SetCredential
    SetCredentialEncrypted LoadCredential LoadCredentialEncrypted TimeoutCleanSec PAMName
    IgnoreSIGPIPE UtmpIdentifier UtmpMode SELinuxContext AppArmorProfile SmackProcessLabel
    ProtectHostname RootImagePolicy RootEphemeral ExtensionImagePolicy MountImagePolicy
    SetLoginEnvironment LogFilterPatterns PrivateBPF BPFDelegateCommands BPFDelegateMaps
    BPFDelegatePrograms BPFDelegateAttachments DelegateNamespaces LandlockConfig PrivatePIDs
    BindLogSockets StateDirectoryAccounting StateDirectoryQuota CacheDirectoryAccounting
    CacheDirectoryQuota LogsDirectoryAccounting LogsDirectoryQuota ImportCredential MemoryKSM
    Capabilities
""")

_CGROUP = _names("""
    Slice AllowedCPUs StartupAllowedCPUs AllowedMemoryNodes StartupAllowedMemoryNodes
    CPUAccounting CPUWeight StartupCPUWeight CPUShares StartupCPUShares CPUQuota
    CPUQuotaPeriodSec MemoryAccounting MemoryMin DefaultMemoryMin DefaultMemoryLow MemoryLow
    MemoryHigh MemoryMax MemorySwapMax MemoryLimit DeviceAllow DevicePolicy IOAccounting
    IOWeight StartupIOWeight IODeviceWeight IOReadBandwidthMax IOWriteBandwidthMax IOReadIOPSMax
    IOWriteIOPSMax IODeviceLatencyTargetSec BlockIOAccounting BlockIOWeight StartupBlockIOWeight
    BlockIODeviceWeight BlockIOReadBandwidth BlockIOWriteBandwidth TasksAccounting TasksMax
    Delegate DisableControllers IPAccounting IPAddressAllow IPAddressDeny IPIngressFilterPath
    IPEgressFilterPath ManagedOOMSwap ManagedOOMMemoryPressure ManagedOOMMemoryPressureLimit
    ManagedOOMPreference BPFProgram SocketBindAllow SocketBindDeny RestrictNetworkInterfaces
    DefaultStartupMemoryLow StartupMemoryLow StartupMemoryHigh StartupMemoryMax
    StartupMemorySwapMax MemoryZSwapMax StartupMemoryZSwapMax MemoryZSwapWriteback
    DelegateSubgroup ManagedOOMMemoryPressureDurationSec MemoryPressureThresholdSec
    MemoryPressureWatch NFTSet CoredumpReceive NetClass
""")

_KILL = _names("""
    SendSIGKILL SendSIGHUP KillMode KillSignal RestartKillSignal FinalKillSignal WatchdogSignal
""")

_CHECKED = _names("""
    PathExists PathExistsGlob PathIsDirectory PathIsSymbolicLink PathIsMountPoint
    PathIsReadWrite PathIsEncrypted DirectoryNotEmpty FileNotEmpty FileIsExecutable NeedsUpdate
    FirstBoot Architecture Firmware Virtualization Host KernelCommandLine KernelVersion
    Credential Security Capability ACPower Memory CPUFeature CPUs Environment User Group
    ControlGroupController OSRelease MemoryPressure CPUPressure IOPressure Version
    KernelModuleLoaded
""")

_UNIT = frozenset("".join(pair) for pair in product(("Condition", "Assert"), _CHECKED)) | _names("""
    Description Documentation SourcePath Requires Requisite Wants BindsTo BindTo Upholds
    Conflicts Before After OnSuccess OnFailure PropagatesReloadTo PropagateReloadTo
    ReloadPropagatedFrom PropagateReloadFrom PropagatesStopTo StopPropagatedFrom PartOf
    JoinsNamespaceOf RequiresOverridable RequisiteOverridable RequiresMountsFor StopWhenUnneeded
    RefuseManualStart RefuseManualStop AllowIsolate DefaultDependencies OnSuccessJobMode
    OnFailureJobMode OnFailureIsolate IgnoreOnIsolate JobTimeoutSec JobRunningTimeoutSec
    JobTimeoutAction JobTimeoutRebootArgument StartLimitIntervalSec StartLimitInterval
    StartLimitBurst StartLimitAction FailureAction SuccessAction FailureActionExitStatus
    SuccessActionExitStatus RebootArgument CollectMode WantsMountsFor SurviveFinalKillSignal
    IgnoreOnSnapshot
""")

_SERVICE = _names("""
    PIDFile ExecCondition ExecStartPre ExecStart ExecStartPost ExecReload ExecStop ExecStopPost
    RestartSec TimeoutSec TimeoutStartSec TimeoutStopSec TimeoutAbortSec TimeoutStartFailureMode
    TimeoutStopFailureMode RuntimeMaxSec RuntimeRandomizedExtraSec WatchdogSec
    StartLimitInterval StartLimitBurst StartLimitAction FailureAction RebootArgument Type
    ExitType Restart PermissionsStartOnly RootDirectoryStartOnly RemainAfterExit GuessMainPID
    RestartPreventExitStatus RestartForceExitStatus SuccessExitStatus NonBlocking BusName
    FileDescriptorStoreMax NotifyAccess Sockets USBFunctionDescriptors USBFunctionStrings
    OOMPolicy RestartSteps RestartMaxDelaySec RestartMode SysVStartPriority
    FileDescriptorStorePreserve BusPolicy OpenFile ReloadSignal
""")

_SOCKET = _names("""
    ListenStream ListenDatagram ListenSequentialPacket ListenFIFO ListenNetlink ListenSpecial
    ListenMessageQueue ListenUSBFunction SocketProtocol BindIPv6Only Backlog BindToDevice
    ExecStartPre ExecStartPost ExecStopPre ExecStopPost TimeoutSec SocketUser SocketGroup
    SocketMode DirectoryMode Accept FlushPending Writable MaxConnections MaxConnectionsPerSource
    KeepAlive KeepAliveTimeSec KeepAliveIntervalSec KeepAliveProbes DeferAcceptSec NoDelay
    Priority ReceiveBuffer SendBuffer IPTOS IPTTL Mark PipeSize FreeBind Transparent Broadcast
    PassCredentials PassSecurity PassPacketInfo Timestamping TCPCongestion ReusePort
    MessageQueueMaxMessages MessageQueueMessageSize RemoveOnStop Symlinks FileDescriptorName
    Service TriggerLimitIntervalSec TriggerLimitBurst SmackLabel SmackLabelIPIn SmackLabelIPOut
    SELinuxContextFromNet PassPIDFD AcceptFileDescriptors PassFileDescriptorsToExec
    PollLimitIntervalSec PollLimitBurst DeferTrigger DeferTriggerMaxSec
""")

_MOUNT = _names("""
    What Where Options Type TimeoutSec DirectoryMode SloppyOptions LazyUnmount ForceUnmount
    ReadWriteOnly
""")

_AUTOMOUNT = _names("""
    Where ExtraOptions DirectoryMode TimeoutIdleSec
""")

_SWAP = _names("""
    What Priority Options TimeoutSec
""")

_TIMER = _names("""
    OnCalendar OnActiveSec OnBootSec OnStartupSec OnUnitActiveSec OnUnitInactiveSec
    OnClockChange OnTimezoneChange Persistent WakeSystem RemainAfterElapse FixedRandomDelay
    AccuracySec RandomizedDelaySec Unit DeferReactivation RandomizedOffsetSec
""")

_PATH = _names("""
    PathExists PathExistsGlob PathChanged PathModified DirectoryNotEmpty Unit MakeDirectory
    DirectoryMode TriggerLimitIntervalSec TriggerLimitBurst
""")

_SLICE = _names("""
    ConcurrencySoftMax ConcurrencyHardMax
""")

_SCOPE = _names("""
    RuntimeMaxSec RuntimeRandomizedExtraSec TimeoutStopSec OOMPolicy
""")

_INSTALL = _names("""
    Alias WantedBy RequiredBy Also DefaultInstance UpheldBy
""")

_MANAGER = _names("""
    CPUAffinity CapabilityBoundingSet ConfirmSpawn CrashAction CrashChangeVT CrashReboot
    CrashShell CtrlAltDelBurstAction DefaultBlockIOAccounting DefaultCPUAccounting
    DefaultDeviceTimeoutSec DefaultEnvironment DefaultIOAccounting DefaultIPAccounting
    DefaultLimitAS DefaultLimitCORE DefaultLimitCPU DefaultLimitDATA DefaultLimitFSIZE
    DefaultLimitLOCKS DefaultLimitMEMLOCK DefaultLimitMSGQUEUE DefaultLimitNICE
    DefaultLimitNOFILE DefaultLimitNPROC DefaultLimitRSS DefaultLimitRTPRIO DefaultLimitRTTIME
    DefaultLimitSIGPENDING DefaultLimitSTACK DefaultMemoryAccounting
    DefaultMemoryPressureThresholdSec DefaultMemoryPressureWatch DefaultMemoryZSwapWriteback
    DefaultOOMPolicy DefaultOOMScoreAdjust DefaultRestartSec DefaultSmackProcessLabel
    DefaultStandardError DefaultStandardOutput DefaultStartLimitBurst DefaultStartLimitInterval
    DefaultStartLimitIntervalSec DefaultTasksAccounting DefaultTasksMax DefaultTimeoutAbortSec
    DefaultTimeoutStartSec DefaultTimeoutStopSec DefaultTimerAccuracySec DumpCore
    JoinControllers KExecWatchdogSec LogColor LogLevel LogLocation LogTarget LogTime
    ManagerEnvironment NUMAMask NUMAPolicy NoNewPrivileges ProtectSystem RebootWatchdogSec
    ReloadLimitBurst ReloadLimitIntervalSec RuntimeWatchdogPreGovernor RuntimeWatchdogPreSec
    RuntimeWatchdogSec ShowStatus ShutdownWatchdogSec StatusUnitFormat SystemCallArchitectures
    TimerSlackNSec WatchdogDevice
""")

_PROCESSES = _EXEC | _CGROUP | _KILL

DIRECTIVES = {
    "Unit": _UNIT,
    "Service": _SERVICE | _PROCESSES,
    "Socket": _SOCKET | _PROCESSES,
    "Mount": _MOUNT | _PROCESSES,
    "Automount": _AUTOMOUNT,
    "Swap": _SWAP | _PROCESSES,
    "Timer": _TIMER,
    "Path": _PATH,
    "Slice": _SLICE | _CGROUP,
    "Scope": _SCOPE | _CGROUP | _KILL,
    "Install": _INSTALL,
    "Manager": _MANAGER,
}

# Lists that only grow: an empty assignment resets no dependency.
DEPENDENCIES = _names("""
    Requires Requisite Wants BindsTo BindTo Upholds Conflicts Before After OnSuccess OnFailure
    PropagatesReloadTo PropagateReloadTo ReloadPropagatedFrom PropagateReloadFrom
    PropagatesStopTo StopPropagatedFrom PartOf JoinsNamespaceOf RequiresOverridable
    RequisiteOverridable RequiresMountsFor WantsMountsFor
""")

# Each line adds to these; an empty assignment begins anew. Of all others the last line holds.
LISTS = (
    DEPENDENCIES
    | frozenset(name for name in _UNIT if name.startswith(("Condition", "Assert")))
    | frozenset(name for name in _SOCKET if name.startswith("Listen"))
    | _names("""
    Documentation Alias WantedBy RequiredBy UpheldBy Also
    ExecCondition ExecStartPre ExecStart ExecStartPost ExecReload ExecStop ExecStopPre ExecStopPost
    Environment EnvironmentFile PassEnvironment UnsetEnvironment DefaultEnvironment
    ManagerEnvironment ExecSearchPath SupplementaryGroups Sockets Symlinks OpenFile
    RestartPreventExitStatus RestartForceExitStatus SuccessExitStatus
    CPUAffinity NUMAMask AllowedCPUs StartupAllowedCPUs AllowedMemoryNodes
    StartupAllowedMemoryNodes Delegate DisableControllers DeviceAllow IODeviceWeight
    IOReadBandwidthMax IOWriteBandwidthMax IOReadIOPSMax IOWriteIOPSMax IODeviceLatencyTargetSec
    BlockIODeviceWeight BlockIOReadBandwidth BlockIOWriteBandwidth IPAddressAllow IPAddressDeny
    IPIngressFilterPath IPEgressFilterPath BPFProgram SocketBindAllow SocketBindDeny
    RestrictNetworkInterfaces NFTSet RestrictFileSystems SystemCallFilter SystemCallLog
    SystemCallArchitectures RestrictAddressFamilies RestrictNamespaces CapabilityBoundingSet
    AmbientCapabilities ReadWriteDirectories ReadOnlyDirectories InaccessibleDirectories
    ReadWritePaths ReadOnlyPaths InaccessiblePaths ExecPaths NoExecPaths BindPaths
    BindReadOnlyPaths TemporaryFileSystem MountImages ExtensionImages ExtensionDirectories
    RuntimeDirectory StateDirectory CacheDirectory LogsDirectory ConfigurationDirectory
    SetCredential SetCredentialEncrypted LoadCredential LoadCredentialEncrypted ImportCredential
    StandardInputText StandardInputData LogExtraFields LogFilterPatterns
    OnCalendar OnActiveSec OnBootSec OnStartupSec OnUnitActiveSec OnUnitInactiveSec
    PathExists PathExistsGlob PathChanged PathModified DirectoryNotEmpty
""")
)
