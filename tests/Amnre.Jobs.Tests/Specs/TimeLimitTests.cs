using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Tests.Specs;

public sealed class TimeLimitTests
{
    [Theory]
    [InlineData("90", "01:30:00")]
    [InlineData("90:00", "01:30:00")]
    [InlineData("03:00:00", "03:00:00")]
    [InlineData("1-12", "1.12:00:00")]
    [InlineData("1-12:30", "1.12:30:00")]
    [InlineData("2-00:00:01", "2.00:00:01")]
    [InlineData("0", null)]
    [InlineData("00:00:00", null)]
    [InlineData("1:2:3:4", null)]
    [InlineData("1:99:00", null)]
    [InlineData("-1", null)]
    [InlineData("1h", null)]
    [InlineData("", null)]
    public void A_length_of_time_is_read_as_Slurm_reads_it_or_refused(string text, string? time) =>
        Assert.Equal(time is null ? null : TimeSpan.Parse(time, System.Globalization.CultureInfo.InvariantCulture), TimeLimit.Parse(text));
}
