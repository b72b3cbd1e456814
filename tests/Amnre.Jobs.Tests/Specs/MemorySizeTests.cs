using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Tests.Specs;

public sealed class MemorySizeTests
{
    [Theory]
    [InlineData("1K", 1L << 10)]
    [InlineData("512MiB", 512L << 20)]
    [InlineData("16G", 16L << 30)]
    [InlineData("4g", 4L << 30)]
    [InlineData("4gb", 4L << 30)]
    [InlineData("512m", 512L << 20)]
    [InlineData("8388607T", 8388607L << 40)]
    [InlineData("8388608T", null)] // 2^63: more than can be counted
    [InlineData("1073741824T", null)]
    [InlineData("9999999999G", null)]
    [InlineData("0G", null)]
    [InlineData("16", null)]
    [InlineData("-1G", null)]
    [InlineData("1.5G", null)]
    public void A_size_is_read_or_refused(string text, long? bytes) => Assert.Equal(bytes, MemorySize.Parse(text));

    [Theory]
    [InlineData(1023, "1023 B")]
    [InlineData(12 << 10, "12 KiB")]
    [InlineData(3 << 19, "1.5 MiB")]
    [InlineData(16L << 30, "16 GiB")]
    public void A_size_is_worded(long bytes, string text) => Assert.Equal(text, MemorySize.Text(bytes));
}
