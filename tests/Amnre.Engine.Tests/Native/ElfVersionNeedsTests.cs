using Amnre.Engine.Native;

namespace Amnre.Engine.Tests.Native;

public sealed class ElfVersionNeedsTests
{
    private static readonly byte[] Bridge = File.ReadAllBytes(BridgePath());

    [Fact]
    public void Relax_changes_only_the_flags_and_the_symbols_of_the_named_versions()
    {
        var copy = ElfVersionNeeds.Relax(Bridge, BridgeCopy.Relaxed);

        var changed = Enumerable.Range(0, Bridge.Length).Where(i => Bridge[i] != copy[i]).ToList();
        // One flag for each of the two versions, and the one symbol that is bound to the older version.
        Assert.Equal(3, changed.Count);
        Assert.Equal(2, changed.Count(i => copy[i] == (Bridge[i] | 2) && Bridge[i] == 0));
    }

    [Fact]
    public void Relax_is_idempotent()
    {
        var weak = new Dictionary<string, string?> { ["GLIBCXX_3.4.32"] = null };
        var once = ElfVersionNeeds.Relax(Bridge, weak);

        Assert.Equal(once, ElfVersionNeeds.Relax(once, weak));
        Assert.NotEqual(Bridge, once);
    }

    [Fact]
    public void Relax_refuses_a_version_that_the_library_does_not_need() =>
        Assert.Contains("GLIBCXX_9.9", Assert.Throws<FormatException>(
            () => ElfVersionNeeds.Relax(Bridge, new Dictionary<string, string?> { ["GLIBCXX_9.9"] = null })).Message);

    [Theory]
    [InlineData("")]
    [InlineData("\u007fELF")]
    [InlineData("not an ELF file at all, only text that is long enough to hold a header of sixty-four bytes")]
    public void Relax_refuses_what_is_no_ELF_file(string text) =>
        Assert.Throws<FormatException>(() => ElfVersionNeeds.Relax(System.Text.Encoding.Latin1.GetBytes(text), BridgeCopy.Relaxed));

    [Fact]
    public void Relax_refuses_every_truncation()
    {
        // Section headers stand at the end, so any cut loses one.
        foreach (var length in new[] { 63, 64, 65, 1000, 300_000, Bridge.Length / 2, Bridge.Length - 1 })
            Assert.Throws<FormatException>(() => ElfVersionNeeds.Relax(Bridge.AsSpan(0, length), BridgeCopy.Relaxed));
    }

    [Fact]
    public void Relax_never_fails_otherwise_on_damaged_headers()
    {
        var random = new Engine.Randomness.CounterRandom(1, Engine.Randomness.RandomPurpose.None, 0);
        for (var trial = 0; trial < 60; trial++)
        {
            var damaged = Bridge.ToArray();
            var table = damaged.Length - 64 * 40;
            for (var i = 0; i < 20; i++)
                damaged[i % 2 == 0 ? 6 + (int)random.NextBelow(58) : table + (int)random.NextBelow(64 * 40)] = (byte)random.NextUInt32();
            try
            {
                ElfVersionNeeds.Relax(damaged, BridgeCopy.Relaxed);
            }
            catch (FormatException error)
            {
                Assert.NotEmpty(error.Message);
            }
        }
    }

    internal static string BridgePath() =>
        Directory.EnumerateFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories).First();
}
