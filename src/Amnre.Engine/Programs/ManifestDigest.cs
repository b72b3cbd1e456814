using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Amnre.Engine.Programs;

/// <summary>The digest of everything in a manifest that decides rows: name, parameters, observation, protocol, command, working
/// directory and environment as they are written, and the content of the files. Batches, times and numbers of processes and of
/// retries are left out, because rows do not depend on them; so is the place of the manifest.</summary>
internal static class ManifestDigest
{
    private const int Version = 1;

    /// <param name="fields">The deciding fields, in a fixed order.</param>
    /// <param name="folder">Where the files' paths start.</param>
    /// <param name="files">Paths as written, in ordinal order.</param>
    public static string Of(JsonObject fields, string folder, IReadOnlyList<string> files)
    {
        var document = new JsonObject
        {
            ["version"] = Version,
            ["manifest"] = fields.DeepClone(),
            ["files"] = new JsonArray([.. files.Select(file => new JsonObject
            {
                ["path"] = file,
                ["sha256"] = OfFile(System.IO.Path.Combine(folder, file)),
            })]),
        };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(document)));
    }

    private static string OfFile(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
