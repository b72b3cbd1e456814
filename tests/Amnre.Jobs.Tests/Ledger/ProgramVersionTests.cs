using Amnre.Jobs.Ledger;

namespace Amnre.Jobs.Tests.Ledger;

public sealed class ProgramVersionTests
{
    [Fact]
    public void A_program_of_another_build_than_the_scheduler_is_refused_with_both_named()
    {
        Assert.Null(ProgramVersion.Refusal("1.2.0+aa", "worker", []));
        Assert.Null(ProgramVersion.Refusal("1.2.0+aa", "worker", ["1.2.0+aa"]));
        var refusal = ProgramVersion.Refusal("1.2.0+aa", "worker", ["1.2.0+aa", "1.2.0+bb"]);
        Assert.StartsWith("this worker is version 1.2.0+aa, but the scheduler of its ledger is version 1.2.0+bb", refusal,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Who_does_not_say_its_version_is_of_another() =>
        Assert.Contains("one that does not say which it is", ProgramVersion.Refusal("1.2.0+aa", "scheduler", [null]),
            StringComparison.Ordinal);

    [Fact]
    public void A_build_is_its_number_and_twelve_digits_of_what_was_compiled()
    {
        Assert.Matches(@"^\d+\.\d+\.\d+\+[0-9a-f]{12}$", ProgramVersion.Build);
        Guid[] modules = [Guid.Parse("00000000-0000-0000-0000-000000000001"), Guid.Parse("00000000-0000-0000-0000-000000000002")];
        Assert.NotEqual(ProgramVersion.BuildOf(modules),
            ProgramVersion.BuildOf([modules[0], Guid.Parse("00000000-0000-0000-0000-000000000003")]));
        Assert.Equal(ProgramVersion.BuildOf(modules), ProgramVersion.BuildOf([.. modules]));
    }
}
