using Amnre.Engine;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Specs;

namespace Amnre.Worker.Kinds;

/// <summary>How one kind of job is done.</summary>
public interface IJobExecution
{
    JobKind Kind { get; }

    /// <summary>Reads the ticket's inputs and writes its outputs into the ticket's output directory. Called on a thread of its
    /// own.</summary>
    /// <exception cref="InputException">The settings or the inputs have an error that the user can correct.</exception>
    RunEnd Run(JobTicket ticket, RunContext context);

    /// <summary>What a run that completed has decided of the branches behind it, by its outputs: none but of decisions.</summary>
    IReadOnlyList<DecidedBranch> Decided(JobTicket ticket) => [];
}
