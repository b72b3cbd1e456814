using Amnre.Jobs.Specs;
using Amnre.Testing;
using Amnre.Worker.Kinds;

namespace Amnre.Worker.Tests.Execution;

public sealed class ResumingKindsTests
{
    /// <summary>Who places jobs goes by the property; what a job does with its checkpoints is the executions'.</summary>
    [Fact]
    public void A_kind_resumes_when_its_execution_is_given_the_folder_of_checkpoints()
    {
        var given = JobExecutions.All.Where(one => File.ReadAllText(
            Path.Combine(Repository.Root, "src/Amnre.Worker/Kinds", $"{one.GetType().Name}.cs")).Contains(
            nameof(Amnre.Jobs.Attempts.JobTicket.CheckpointDirectory), StringComparison.Ordinal));

        Assert.Equal(Enum.GetValues<JobKind>().Where(kind => kind.Resumes).Order(), given.Select(one => one.Kind).Order());
    }
}
