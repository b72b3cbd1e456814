using Amnre.Jobs.Ledger;

namespace Amnre.Jobs.Tests.Ledger;

public sealed class ProgramVersionTests
{
    [Fact]
    public void A_worker_of_another_version_than_the_scheduler_is_refused_with_both_named()
    {
        Assert.Null(ProgramVersion.Refusal("1.2.0", []));
        Assert.Null(ProgramVersion.Refusal("1.2.0", ["1.2.0", null]));
        var refusal = ProgramVersion.Refusal("1.2.0", ["1.2.0", "1.3.0"]);
        Assert.Contains("1.2.0", refusal, StringComparison.Ordinal);
        Assert.Contains("1.3.0", refusal, StringComparison.Ordinal);
    }
}
