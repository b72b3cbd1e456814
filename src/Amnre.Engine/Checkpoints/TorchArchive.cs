using System.IO.Compression;

namespace Amnre.Engine.Checkpoints;

/// <summary>Files of <c>torch.save</c> (<c>.pth</c>): a zip of a pickle and the raw elements it refers to.</summary>
internal static class TorchArchive
{
    private const long MaxPickle = 256L << 20;

    /// <summary>Fixed, so that a file's bytes depend on its tensors alone.</summary>
    private const string Root = "archive";

    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <exception cref="InputException">Missing, damaged, or not an archive of tensors; says why.</exception>
    public static TorchValue Read(string path)
    {
        try
        {
            using var file = PlainFile.Open(path);
            using var archive = new ZipArchive(file, ZipArchiveMode.Read);
            var pickle = archive.Entries.FirstOrDefault(entry => entry.FullName.EndsWith("/data.pkl", StringComparison.Ordinal))
                ?? throw new FormatException("it has no data.pkl");
            var root = pickle.FullName[..^"/data.pkl".Length];
            var records = new TorchRecords(archive, root, file.Length);
            if (archive.GetEntry($"{root}/byteorder") is { } order && Text(order, records) != "little")
                throw new FormatException("it was written on a big-endian machine");
            return new PickleReader(Content(pickle, records), new TorchVocabulary(records)).Read();
        }
        catch (Exception error)
        when (error is FormatException or InvalidDataException or EndOfStreamException or NotSupportedException or OverflowException)
        {
            throw new InputException(
                $"'{path}' is not a readable PyTorch file: {error.Message}. Expected a file of torch.save (PyTorch 1.6 or later) that " +
                    "holds tensors only.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Writes <paramref name="value"/> so that <c>torch.load(path, weights_only=True)</c> reads it. Equal values give equal
    /// bytes.</summary>
    public static void Write(string path, TorchValue value) => AtomicFile.Write(path, stream => Write(stream, value));

    private static void Write(Stream stream, TorchValue value)
    {
        var pickle = new PickleWriter();
        pickle.Write(value);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add(archive, "data.pkl", pickle.ToArray());
        Add(archive, "byteorder", "little"u8);
        for (var i = 0; i < pickle.Tensors.Count; i++) Add(archive, $"data/{i}", pickle.Tensors[i].Bytes);
        Add(archive, "version", "3\n"u8);
    }

    private static void Add(ZipArchive archive, string name, ReadOnlySpan<byte> content)
    {
        var entry = archive.CreateEntry($"{Root}/{name}", CompressionLevel.NoCompression);
        entry.LastWriteTime = Epoch;
        using var stream = entry.Open();
        stream.Write(content);
    }

    private static byte[] Content(ZipArchiveEntry entry, TorchRecords records)
    {
        if (entry.Length > MaxPickle) throw new FormatException($"its {entry.Name} is larger than {MaxPickle >> 20} MiB");
        using var stream = records.Open(entry);
        var content = new byte[entry.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static string Text(ZipArchiveEntry entry, TorchRecords records) =>
        System.Text.Encoding.ASCII.GetString(Content(entry, records)).Trim();
}
