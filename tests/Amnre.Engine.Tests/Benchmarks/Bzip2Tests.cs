using System.Diagnostics;
using System.Text;
using Amnre.Engine.Compression;

namespace Amnre.Engine.Tests.Benchmarks;

/// <summary>bzip2 as its own library writes it.</summary>
public sealed class Bzip2Tests
{
    private const int Limit = 1 << 26;

    public static TheoryData<string, int> Contents() => new()
    {
        { "empty", 9 }, { "one", 1 }, { "run of four", 9 }, { "run of 255 more", 9 }, { "long run", 1 }, { "all bytes", 9 },
        { "numbers", 1 }, { "noise of several blocks", 1 }, { "noise of several blocks", 9 },
    };

    [Theory]
    [MemberData(nameof(Contents))]
    public void What_was_packed_comes_back(string kind, int level) =>
        Assert.Equal(Content(kind), Bzip2.Unpack(Packed(Content(kind), level), Limit));

    [Fact]
    public void Streams_one_after_the_other_are_one()
    {
        var (one, other) = (Content("numbers"), Content("all bytes"));
        Assert.Equal([.. one, .. other], Bzip2.Unpack([.. Packed(one, 9), .. Packed(other, 3)], Limit));
    }

    [Fact]
    public void What_is_cut_off_is_refused_and_damage_gives_no_other_content()
    {
        var packed = Packed(Content("all bytes"), 9);
        for (var length = 0; length < packed.Length; length++)
            Assert.Throws<InvalidDataException>(() => Bzip2.Unpack(packed[..length], Limit));
        for (var place = 0; place < packed.Length; place++)
        {
            var damaged = (byte[])packed.Clone();
            damaged[place] ^= 0x10;
            // Bits that fill up the last byte mean nothing.
            if (Record.Exception(() => Assert.Equal(Content("all bytes"), Bzip2.Unpack(damaged, Limit))) is { } error)
                Assert.IsType<InvalidDataException>(error);
        }
    }

    [Fact]
    public void More_than_may_be_is_not_unpacked() => Assert.Contains("more than 1000 bytes",
        Assert.Throws<InvalidDataException>(() => Bzip2.Unpack(Packed(Content("long run"), 9), 1000)).Message, StringComparison.Ordinal);

    internal static byte[] Packed(byte[] content, int level)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "python3", ["-c", $"import bz2, sys; sys.stdout.buffer.write(bz2.compress(sys.stdin.buffer.read(), {level}))"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var written = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(content);
            process.StandardInput.Close();
        });
        using var packed = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(packed);
        written.GetAwaiter().GetResult();
        return packed.ToArray();
    }

    private static byte[] Content(string kind) => kind switch
    {
        "empty" => [],
        "one" => [7],
        "run of four" => [1, 2, 2, 2, 2, 3],
        "run of 255 more" => [.. Enumerable.Repeat((byte)9, 4 + 255), 9, 9],
        "long run" => new byte[3_000_000],
        "all bytes" => [.. Enumerable.Range(0, 2000).Select(i => (byte)(i * i / 7))],
        "numbers" => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 30_000).Select(i => $"{Math.Sin(i):R},{Math.Cos(i):R}\n"))),
        _ => Noise(),
    };

    private static byte[] Noise()
    {
        var (bytes, state) = (new byte[1_200_000], 1u);
        for (var i = 0; i < bytes.Length; i++)
        {
            state = state * 1664525 + 1013904223;
            bytes[i] = (byte)(state >> 24);
        }

        return bytes;
    }
}
