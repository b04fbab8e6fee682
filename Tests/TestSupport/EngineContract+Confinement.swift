internal import Engines
internal import Exec
internal import Files
internal import SystemPackage
internal import Testing

extension EngineContract {
    /// Restrictions that a step with all the capabilities of a step cannot undo.
    public enum ConfinementClause: String, CaseIterable, Sendable {
        /// Read-only mounts cannot be made writable or unmounted.
        case readOnlyMountsCannotBeUndone
        /// The files that configure the kernel cannot be written, whatever is mounted.
        case theKernelIsOutOfReach
        /// Information about the machine is masked, and device nodes cannot be created.
        case theMachineIsOutOfSight
        /// A step can mount in its own namespaces, including a new /proc.
        case aStepMountsForItself
    }

    /// Checks that the engine satisfies a clause.
    public func check(_ clause: ConfinementClause) async throws {
        switch clause {
        case .readOnlyMountsCannotBeUndone: try await readOnlyMountsCannotBeUndone()
        case .theKernelIsOutOfReach: try await theKernelIsOutOfReach()
        case .theMachineIsOutOfSight: try await theMachineIsOutOfSight()
        case .aStepMountsForItself: try await aStepMountsForItself()
        }
    }

    /// Runs a script in the namespaces of the step and in new ones that it creates;
    /// every line about a breach fails the test.
    private func attack(_ script: String, mounts: [Mount] = []) async throws {
        var step = shell(
            """
            echo begun
            sh -c "$ATTACK" || :
            unshare -m sh -c "$ATTACK" || :
            unshare -m -p -f sh -c "$ATTACK" || :
            unshare -m -n -p -i -u -f sh -c "$ATTACK" || :
            unshare -U -r -m -p -f sh -c "$ATTACK" || :
            """, mounts: mounts)
        step.environment["ATTACK"] = "exec 2>/dev/null\n\(script)"
        let (outcome, log) = try await run(job([step]))
        #expect(outcome.failure == nil)
        #expect(log.text.first == "begun")
        #expect(log.text.filter { $0.hasPrefix("breach") } == [])
        // Directly, and in at least one new namespace.
        #expect(log.text.count { $0 == "tried" } > 1, "\(log.text)")
    }

    private func readOnlyMountsCannotBeUndone() async throws {
        let source = try makeSource("lent", ["file": "as it was\n", "deep/file": "as it was\n"])
        let outer = try makeSource("outer", ["inner/file": "covered\n"])
        try await attack(
            """
            write() {
                for file in "$2" "$2/file" "$2/new"; do
                    [ ! -d "$file" ] || continue
                    if echo poisoned >>"$file"; then echo "breach: $1: $file"; fi
                done
            }
            mkdir -p /tmp/directory
            : >/tmp/plain
            for place in /lent /lent/deep /outer/inner /etc/lent; do
                write nothing "$place"
                for way in 'mount -o remount,rw' 'mount -o remount,rw,bind' umount 'umount -l'; do
                    $way "$place"
                    write "$way" "$place"
                done
                for way in --bind --rbind --move; do
                    other=/tmp/directory
                    [ -d "$place" ] || other=/tmp/plain
                    mount $way "$place" "$other" || continue
                    mount -o remount,rw,bind "$other"
                    mount -o remount,rw "$other"
                    write "$way" "$other"
                    umount "$other"
                done
            done
            rm -rf /tmp/directory /tmp/plain
            echo tried
            """,
            mounts: [
                .readOnly(source: source, target: "/lent"),
                .readOnly(source: source.appending("file"), target: "/etc/lent"),
                .readWrite(source: outer, target: "/outer"),
                .readOnly(source: source, target: "/outer/inner"),
            ])
        #expect(try Directory.names(in: source).map(\.string) == ["deep", "file"])
        #expect(try Directory.names(in: source.appending("deep")).map(\.string) == ["file"])
        #expect(try Directory.names(in: outer.appending("inner")).map(\.string) == ["file"])
        for file in [source.appending("file"), source.appending("deep/file")] {
            #expect(try Processes.text(of: file) == "as it was\n")
        }
        #expect(try Processes.text(of: outer.appending("inner/file")) == "covered\n")
    }

    /// The files are written with the values that they already have.
    private func theKernelIsOutOfReach() async throws {
        try await attack(
            """
            write() {
                for file in "$2"/sys/vm/swappiness "$2"/sys/kernel/panic "$2"/sys/fs/file-max \\
                    "$2"/irq/default_smp_affinity; do
                    value=$(cat "$file") || continue
                    if echo "$value" >"$file"; then echo "breach: $1: $file"; fi
                done
                [ ! -e "$2/sysrq-trigger" ] || ! true >>"$2/sysrq-trigger" ||
                    echo "breach: $1: sysrq"
            }
            set_kernel() {
                for file in "$2"/kernel/profiling "$2"/kernel/rcu_normal \\
                    "$2"/kernel/mm/transparent_hugepage/enabled "$2"/module/printk/parameters/time
                do
                    [ ! -f "$file" ] || ! true >>"$file" || echo "breach: $1: $file"
                done
            }
            write nothing /proc
            set_kernel nothing /sys
            for place in /proc /proc/sys /proc/irq /proc/sysrq-trigger /sys; do
                for way in 'mount -o remount,rw' 'mount -o remount,rw,bind' umount 'umount -l'; do
                    $way "$place"
                    write "$way $place" /proc
                    set_kernel "$way $place" /sys
                done
            done
            mkdir -p /tmp/new
            for options in rw ro; do
                for type in proc sysfs; do
                    mount -t "$type" -o "$options" none /tmp/new || continue
                    write "new $type $options" /tmp/new
                    set_kernel "new $type $options" /tmp/new
                    mount -o remount,rw /tmp/new
                    mount -o remount,rw,bind /tmp/new
                    write "new $type $options, again" /tmp/new
                    set_kernel "new $type $options, again" /tmp/new
                    umount /tmp/new
                done
            done
            mount --rbind /proc /tmp/new && mount -o remount,rw,bind /tmp/new
            write bound /tmp/new
            umount -l /tmp/new
            rmdir /tmp/new
            echo tried
            """)
    }

    private func theMachineIsOutOfSight() async throws {
        try await attack(
            """
            look() {
                for path in acpi asound kcore keys latency_stats sched_debug scsi timer_list \\
                    timer_stats; do
                    path=/proc/$path
                    if [ -d "$path" ]; then
                        [ -z "$(ls -A "$path")" ] || echo "breach: $1: $path"
                    elif [ -e "$path" ]; then
                        [ "$(head -c 1 "$path" | wc -c)" -eq 0 ] || echo "breach: $1: $path"
                    fi
                done
                [ -z "$(ls -A /sys/firmware)" ] || echo "breach: $1: firmware"
            }
            look nothing
            umount -l /proc/keys
            umount -l /proc/acpi
            umount -l /sys/firmware
            look umount
            [ -z "$(ls -A /dev/zentoo)" ] || echo "breach: what is hidden"
            umount -l /dev/zentoo
            [ -z "$(ls -A /dev/zentoo)" ] || echo "breach: what was hidden"
            for node in 'c 1 1' 'c 1 3' 'b 8 0'; do
                if mknod /tmp/node $node; then echo "breach: a node $node"; rm /tmp/node; fi
            done
            echo tried
            """)
    }

    private func aStepMountsForItself() async throws {
        let said = try await output(
            of: shell(
                """
                mkdir -p /m
                unshare -m sh -c 'mount -t tmpfs x /m && echo x >/m/x && mount --bind /etc /m'
                unshare -m -p -f sh -c '
                    mount -t proc proc /proc 2>/dev/null || mount -t proc -o ro proc /proc
                    cat /proc/1/comm
                    readlink /proc/self >/dev/null'
                ls /m
                """))
        #expect(said == ["sh"])
    }
}
