using Amnre.Cli.Operations;

namespace Amnre.Cli.Tests.Operations;

public sealed class PoolOptionTests
{
    [Theory]
    [InlineData("--clusters=x", true)]
    [InlineData("--cluster=x", true)]
    [InlineData("-Mx", true)]
    [InlineData("--cluster-constraint=a", true)]
    [InlineData("--array=0-9", true)]
    [InlineData("--job-name=mine", true)]
    [InlineData("-J", true)]
    [InlineData("--wait", true)]
    [InlineData("--wrap=true", true)]
    [InlineData("--test-only", true)]
    [InlineData("--partition=gpu", false)]
    [InlineData("--account=physics", false)]
    [InlineData("-p", false)]
    [InlineData("--wait-all-nodes=1", false)]
    [InlineData("--constraint=a100", false)]
    public void Options_that_would_take_allocations_out_of_the_pools_sight_are_refused(string option, bool misleads) =>
        Assert.Equal(misleads, ClusterVerb.Misleads(option));
}
