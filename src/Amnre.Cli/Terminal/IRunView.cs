using Amnre.Jobs.Views;

namespace Amnre.Cli.Terminal;

/// <summary>Shows an experiment while it runs.</summary>
internal interface IRunView
{
    /// <summary>Called about four times a second with what the ledger says.</summary>
    void Show(ExperimentSnapshot snapshot);

    /// <summary>A sentence for the user, beside the jobs.</summary>
    void Say(string message);
}
