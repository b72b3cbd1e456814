using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Amnre.Engine.Programs;

/// <summary>The digest of everything in a manifest that decides rows. Its first half is of the fields: name, parameters, observation,
/// protocol, command, working directory and environment as they are written; its second half is of the content of the files. Batches,
/// times and numbers of processes and of retries are left out, because rows do not depend on them; so is the place of the
/// manifest.</summary>
internal static class ManifestDigest
{
    private const int Version = 1;

    /// <summary>128 bits of SHA-256 in hexadecimal.</summary>
    private const int HalfDigits = 32;

    /// <param name="fields">The deciding fields, in a fixed order.</param>
    /// <param name="folder">Where the files' paths start.</param>
    /// <param name="files">Paths as written, in ordinal order.</param>
    public static string Of(JsonObject fields, string folder, IReadOnlyList<string> files) =>
        Half(new JsonObject { ["version"] = Version, ["manifest"] = fields.DeepClone() })
        + Half(new JsonArray(
            [.. files.Select(file => new JsonObject { ["path"] = file, ["sha256"] = OfFile(System.IO.Path.Combine(folder, file)) })]));

    /// <summary>Whether two digests are of the same fields, whatever the files.</summary>
    public static bool SameFields(string a, string b) => a[..HalfDigits] == b[..HalfDigits];

    private static string Half(JsonNode document) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(document)))[..HalfDigits];

    private static string OfFile(string path)
    {
        using var stream = PlainFile.Open(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
