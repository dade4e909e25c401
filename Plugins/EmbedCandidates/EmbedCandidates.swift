import Foundation
import PackagePlugin

/// Writes the files in `Resources/candidates` into a source file as literal text.
///
/// `.embedInCode` makes arrays of bytes, and the compiler takes minutes over two megabytes of them; a literal text takes it
/// half a second.
@main
struct EmbedCandidates: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
    let script = context.package.directoryURL.appending(path: "Plugins/EmbedCandidates/embed.sh")
    let folder = target.directoryURL.appending(path: "Resources/candidates")
    let inputs = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil
    )
    .filter { $0.pathExtension == "txt" }.sorted { $0.path < $1.path }
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedCandidates.swift")
    return [
      .buildCommand(
        displayName: "Embed candidate events", executable: URL(filePath: "/bin/sh"),
        arguments: ([script, output] + inputs).map { $0.path(percentEncoded: false) },
        inputFiles: [script] + inputs, outputFiles: [output])
    ]
  }
}
