@testable import Builds
import Engines
import Exec
import Files
@testable import Sites
import SystemPackage
import TestSupport
import Testing

/// Stages from a real registry.
@Suite(.enabled(if: ImageFixture.isPossible, "needs skopeo, umoci and docker-registry"))
struct ImageStageTests {
    private static func with(_ body: (ImageFixture) async throws -> Void) async throws {
        try await ImageFixture.with { fixture in
            try await fixture.makeLayers()
            try await fixture.make("whole", of: ["lower.tar", "upper.tar"])
            try await body(fixture)
        }
    }

    private func refusal(
        _ store: StageStore, _ fixture: ImageFixture, _ reference: String,
        locked: SHA256Digest? = nil, platform: ImagePlatform? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> StageError {
        let image = try fixture.reference(reference)
        let error = await #expect(throws: StageError.self, sourceLocation: sourceLocation) {
            try await store.add(
                name: fixture.stage.name, source: .image(image),
                trust: StageTrust(locked: locked), platform: platform)
        }
        // Neither a stage nor a partial one is left.
        #expect(
            try Directory.names(in: store.folder).allSatisfy { $0.string == ".lock" },
            sourceLocation: sourceLocation)
        return try #require(error, sourceLocation: sourceLocation)
    }

    @Test(arguments: [["--format=oci"], ["--format=v2s2"]])
    func layersBecomeReproducibleTree(format: [String]) async throws {
        try await Self.with { fixture in
            let manifest = try await fixture.push("whole", to: "gentoo/stage3:now", format)
            let store = fixture.machine("one")
            var steps: [StageStep] = []
            let (pin, source) = try await store.add(
                name: fixture.stage.name, source: .image(fixture.reference("gentoo/stage3:now")),
                trust: StageTrust()
            ) { steps.append($0) }
            #expect(steps == [.fetching, .layering, .checking, .unpacking])
            #expect("\(source)" == "docker://\(fixture.host)/gentoo/stage3:now@sha256:\(manifest)")
            #expect(pin.verifiedBy == nil)
            #expect(store.info(of: pin.digest)?.source == "\(source)")
            #expect(try Directory.names(in: store.folder).count == 2)

            let tree = try #require(store.tree(of: pin.digest))
            func facts(_ path: String) async throws -> String {
                try await fixture.run("stat", ["--format=%a %u:%g %h %Y", "--", "\(tree)/\(path)"])
            }
            #expect(try FileStatus.of(tree.appending("etc/gone")) == nil)
            #expect(try FileStatus.of(tree.appending("etc/.wh.gone")) == nil)
            #expect(try fixture.stage.read(tree.appending("etc/new")) == "new\n")
            #expect(try await facts("etc/os-release").hasSuffix(" 2 1600000000"))
            #expect(try await facts("").hasSuffix(" 0"))
            if Privileges.ofTests == .root {
                #expect(try await facts("usr/bin/su").hasPrefix("4711 0:0 1 "))
                #expect(try await facts("var/empty").hasPrefix("755 250:251 "))
            }
            #expect(try await store.verify(pin.digest).isIntact)

            // On another machine, later: directories that no layer contains are not newer.
            let again = try await fixture.machine("two").add(
                name: fixture.stage.name, source: source, trust: StageTrust(locked: pin.digest))
            #expect(again.pin == pin)
            #expect(again.source == source)
        }
    }

    @Test func movedTagDoesNotChangePin() async throws {
        try await Self.with { fixture in
            try await fixture.push("whole", to: "a/b:now")
            let store = fixture.machine("one")
            let (pin, source) = try await store.add(
                name: fixture.stage.name, source: .image(fixture.reference("a/b:now")),
                trust: StageTrust())
            try await fixture.make("other", of: ["lower.tar"])
            try await fixture.push("other", to: "a/b:now")
            let again = try await fixture.machine("two").add(
                name: fixture.stage.name, source: source, trust: StageTrust(locked: pin.digest))
            #expect(again.pin == pin)
            let error = try await refusal(
                fixture.machine("three"), fixture, "a/b:now", locked: pin.digest)
            #expect(error.code == .lockMismatch)
        }
    }

    @Test func alteredBlobsAreRefused() async throws {
        try await Self.with { fixture in
            let manifest = try await fixture.push("whole", to: "a/b:now")
            let store = fixture.machine("one")
            for digest in try fixture.pieces(of: manifest) + [manifest.description] {
                let blob = fixture.blob(digest)
                let bytes = try #require(try FileContent.read(blob))
                var changed = bytes
                changed[changed.count / 2] ^= 1
                try FileContent.write(changed, to: blob)
                let error = try await refusal(store, fixture, "a/b@sha256:\(manifest)")
                #expect(error.code == .fetch, "\(error)")
                try FileContent.write(bytes, to: blob)
            }
            // Without the changes the image is accepted.
            _ = try await store.add(
                name: fixture.stage.name,
                source: .image(fixture.reference("a/b@sha256:\(manifest)")), trust: StageTrust())
        }
    }

    @Test func missingImageIsReported() async throws {
        try await Self.with { fixture in
            try await fixture.push("whole", to: "a/b:now")
            let zeros = String(repeating: "0", count: 64)
            for absent in ["a/b:then", "a/b:now@sha256:\(zeros)", "a/c"] {
                let error = try await refusal(fixture.machine("one"), fixture, absent)
                #expect(error.code == .fetch)
                #expect(error.message.contains("'docker://\(fixture.host)/\(absent)'"))
                #expect(error.message.contains("manifest unknown"))
                #expect(!error.message.contains("level="))
                #expect(error.hints[0].hasPrefix("skopeo inspect docker://\(fixture.host)/a/"))
            }
            try await fixture.make("empty", of: ["upper.tar"])
            try await fixture.push("empty", to: "a/b:empty")
            let error = try await refusal(fixture.machine("one"), fixture, "a/b:empty")
            #expect(error.code == .notARoot)
        }
    }

    @Test func onePlatformIsChosen() async throws {
        try await Self.with { fixture in
            let (ours, other) = (ImageFixture.ours, ImageFixture.other)
            try await fixture.make("other", of: ["lower.tar"], architecture: other)
            let digests = [
                try await fixture.push("whole", to: "a/b:one"),
                try await fixture.push("other", to: "a/b:two"),
            ]
            try await fixture.pushList([(other, "two"), (ours, "one")], to: "a/b:both")
            let source = StageSource.image(try fixture.reference("a/b:both"))
            let store = fixture.machine("one")
            let platforms = [nil, try ImagePlatform("linux/\(other)")]
            var pins: [StagePin] = []
            for (platform, digest) in zip(platforms, digests) {
                let added = try await store.add(
                    name: fixture.stage.name, source: source, trust: StageTrust(),
                    platform: platform)
                #expect(
                    added.source == .image(try fixture.reference("a/b:both").pinned(to: digest)))
                // The digest alone selects the platform.
                let again = try await store.add(
                    name: fixture.stage.name, source: added.source,
                    trust: StageTrust(locked: added.pin.digest))
                #expect(again == added)
                pins.append(added.pin)
            }
            #expect(Set(pins).count == 2)

            let alone = try await refusal(fixture.machine("two"), fixture, "a/b:two")
            #expect(alone.code == .unsupported)
            #expect(alone.hints == ["to take it all the same: '--platform linux/\(other)'"])
            let third = try await refusal(
                fixture.machine("two"), fixture, "a/b:both", platform: ImagePlatform("s390x"))
            #expect(third.code == .fetch)
            #expect(third.message.contains("s390x"))
        }
    }

    @Test(.enabled(if: Privileges.ofTests == .root, "needs root to make devices"))
    func devicesOutsideDevAreRefusedForPlainUser() async throws {
        try await Self.with { fixture in
            // One device in dev, which stages leave out, and one elsewhere.
            for (index, layer) in [["dev"], ["dev", "null"]].enumerated() {
                if index == 1 {
                    try await fixture.run("mknod", ["root/null", "c", "1", "3"])
                }
                try await fixture.run(
                    "tar", ["-C", "root", "-cf", "devices.tar", "--"] + layer)
                let name = "devices\(index)"
                try await fixture.make(name, of: ["lower.tar", "devices.tar"])
                try await fixture.push(name, to: "a/b:\(name)")
                _ = try await fixture.machine("one").add(
                    name: fixture.stage.name, source: .image(fixture.reference("a/b:\(name)")),
                    trust: StageTrust())
                let directory = fixture.stage.path(name)
                try Directory.create(directory)
                // The layout of the images, under the name that a fetch gives it.
                try await fixture.run(
                    "skopeo",
                    [
                        "--insecure-policy", "copy", "--quiet", "oci:images:\(name)",
                        "oci:\(name)/layout:stage",
                    ])
                let fetch = ImageFetch(
                    stage: fixture.stage.name, image: try fixture.reference("a/b:\(name)"),
                    platform: nil, directory: directory, environment: fixture.environment,
                    privileges: .userNamespace(launcher: BuiltPrograms.gitZentoo),
                    largest: Settings.largestStage)
                if index == 0 {
                    try await fetch.refuseDevices()
                } else {
                    let error = await #expect(throws: StageError.self) {
                        try await fetch.refuseDevices()
                    }
                    #expect(error?.code == .unpack)
                    #expect(error?.message.contains("has the device 'null'") == true)
                }
            }
        }
    }

    @Test func policyOfUserApplies() async throws {
        try await Self.with { fixture in
            try await fixture.push("whole", to: "a/b:now")
            try fixture.stage.write(
                #"{"default": [{"type": "reject"}]}"#, "home/.config/containers/policy.json")
            let error = try await refusal(fixture.machine("one"), fixture, "a/b:now")
            #expect(error.code == .fetch)
            #expect(error.message.contains("rejected by policy"))
        }
    }

    @Test func cancelledAddLeavesNoStage() async throws {
        try await Self.with { fixture in
            try await fixture.push("whole", to: "a/b:now")
            let store = fixture.machine("one")
            let image = try fixture.reference("a/b:now")
            let task = Task {
                try await store.add(
                    name: fixture.stage.name, source: .image(image), trust: StageTrust()
                ) { step in
                    if step == .layering { withUnsafeCurrentTask { $0?.cancel() } }
                }
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try store.list().isEmpty)
            // The next add removes anything that remains.
            let (pin, _) = try await store.add(
                name: fixture.stage.name, source: .image(image), trust: StageTrust())
            #expect(
                try Directory.names(in: store.folder).map(\.string)
                    == [".lock", pin.digest.description])
        }
    }
}
