using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Amnre.Scheduler.Parts;

/// <summary>Published files, by what the ledger knows of them: an address holds a token and a name that are looked up, never a
/// path.</summary>
internal static class ArtifactFile
{
    public static string Address(long token, string name) =>
        $"/artifacts/{token}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}";

    /// <summary>Pictures are shown; all else is handed over as a file, so that nothing a job made is ever taken for a page of
    /// ours.</summary>
    public static async Task<IResult> SendAsync(long token, string name, LineageViews views, ArtifactStore store, CancellationToken cancel)
    {
        if (await views.FileAsync(token, name, cancel) is not { } file) return Results.NotFound();
        var found = new FileInfo(store.Absolute(file.Path));
        if (!found.Exists || found.LinkTarget is not null || found.Length != file.Bytes) return Results.NotFound();
        var tag = new EntityTagHeaderValue($"\"{file.Sha256}\"");
        return name.EndsWith(".png", StringComparison.OrdinalIgnoreCase)
            ? Results.File(found.FullName, "image/png", entityTag: tag)
            : Results.File(found.FullName, "application/octet-stream", Path.GetFileName(name), entityTag: tag, enableRangeProcessing: true);
    }
}
