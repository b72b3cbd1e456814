using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Estimators;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Settings;

namespace Amnre.Engine.Training;

/// <summary>What tells the input files of a training from others of the same names; null for a file that it does not read.</summary>
internal sealed record InputDigests(string? Samples, string? Valid, string? Weights, string? Adversary)
{
    public static readonly InputDigests None = new(null, null, null, null);

    /// <summary>Files of at most this many bytes together are read whole. Of larger ones sizes, times and both ends stand for the content,
    /// so that no training begins with minutes of reading.</summary>
    private const long LargestRead = 256 << 20;

    private const int EndBytes = 1 << 20;

    public static InputDigests Of(TrainInputs inputs) => new(
        inputs.Samples is { } samples ? OfFiles(SamplePaths.Expand([samples])) : null,
        inputs.Valid is { } valid ? OfFiles(SamplePaths.Expand([valid])) : null,
        inputs.Weights is { } weights ? OfFiles([weights]) : null,
        inputs.Adversary is { } adversary ? OfModel(adversary) : null);

    /// <summary>Names of the inputs that differ.</summary>
    public IEnumerable<string> Differences(InputDigests other)
    {
        if (Samples != other.Samples) yield return "samples";
        if (Valid != other.Valid) yield return "valid";
        if (Weights != other.Weights) yield return "weights";
        if (Adversary != other.Adversary) yield return "adversary";
    }

    /// <summary>Weights and the settings that give them a meaning; not dates and names of files.</summary>
    private static string OfModel(string weights)
    {
        var settings = JsonSerializer.SerializeToUtf8Bytes(ModelFile.Read(EstimatorAssembly.SettingsBeside(weights)).Settings);
        return $"{OfFiles([weights])}-{Convert.ToHexStringLower(SHA256.HashData(settings))}";
    }

    private static string OfFiles(IReadOnlyList<string> paths)
    {
        var isWhole = paths.Sum(path => new FileInfo(path).Length) <= LargestRead;
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[EndBytes];
        foreach (var path in paths)
        {
            using var file = PlainFile.Open(path);
            var header = isWhole
                ? $"{file.Length};"
                : string.Create(CultureInfo.InvariantCulture, $"{file.Length} {File.GetLastWriteTimeUtc(path).Ticks};");
            digest.AppendData(Encoding.UTF8.GetBytes(header));
            Append(isWhole ? file.Length : EndBytes, file);
            if (isWhole) continue;
            file.Position = Math.Max(0, file.Length - EndBytes);
            Append(EndBytes, file);
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());

        void Append(long bytes, Stream file)
        {
            for (int count; bytes > 0 && (count = file.Read(buffer, 0, (int)Math.Min(bytes, buffer.Length))) > 0; bytes -= count)
                digest.AppendData(buffer, 0, count);
        }
    }
}
