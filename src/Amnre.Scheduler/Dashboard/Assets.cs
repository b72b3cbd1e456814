using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Amnre.Scheduler.Dashboard;

/// <summary>Files of the pages, carried in the program itself: the pages need nothing from elsewhere.</summary>
internal static class Assets
{
    private static readonly Dictionary<string, (byte[] Bytes, string Type, EntityTagHeaderValue Tag)> Files =
        new[] { ("dashboard.css", "text/css"), ("dashboard.js", "text/javascript"), ("icon.svg", "image/svg+xml") }
            .ToDictionary(file => file.Item1, file => Load(file.Item1, file.Item2));

    public static IResult Find(string name) => Files.TryGetValue(name, out var file)
        ? Results.Bytes(file.Bytes, file.Type, entityTag: file.Tag)
        : Results.NotFound();

    private static (byte[] Bytes, string Type, EntityTagHeaderValue Tag) Load(string name, string type)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream($"Amnre.Scheduler.Dashboard.{name}")
            ?? throw new InvalidOperationException($"{name} is not in the program");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var bytes = memory.ToArray();
        return (bytes, $"{type}; charset=utf-8", new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\""));
    }
}
