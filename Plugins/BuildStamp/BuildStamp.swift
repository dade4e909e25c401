import Foundation
import PackagePlugin

/// Writes the commit of the working tree into a source file before every build, so that results can
/// name the code that made them.
///
/// Without git, as in a source archive, the commit is taken from the environment variable
/// `DUSKLINE_COMMIT`, or else is `unknown`.
@main
struct BuildStamp: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
    let folder = context.pluginWorkDirectoryURL.appending(path: "BuildStamp")
    let script = context.package.directoryURL.appending(path: "Plugins/BuildStamp/stamp.sh")
    return [
      .prebuildCommand(
        displayName: "Stamp the commit", executable: URL(filePath: "/bin/sh"),
        arguments: [
          script.path(percentEncoded: false),
          context.package.directoryURL.path(percentEncoded: false),
          folder.path(percentEncoded: false),
        ], outputFilesDirectory: folder)
    ]
  }
}
