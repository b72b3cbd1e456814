using System.CommandLine;
using Amnre.Cli.Terminal;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre completion SHELL</c>: a script that makes the shell complete verbs, options, experiments and jobs.</summary>
internal static class CompletionVerb
{
    private const string Bash =
        """
        # amnre completion bash: put  source <(amnre completion bash)  into ~/.bashrc
        _amnre() {
          local IFS=$'\n' line=${COMP_LINE:0:COMP_POINT}
          COMPREPLY=($(amnre "[suggest:${#line}]" "$line" 2>/dev/null))
        }
        complete -o default -F _amnre amnre
        """;

    private const string Zsh =
        """
        #compdef amnre
        # amnre completion zsh: put  source <(amnre completion zsh)  into ~/.zshrc after compinit
        _amnre() {
          local line="${(j: :)words[1,CURRENT]}"
          local -a found=("${(@f)$(amnre "[suggest:${#line}]" "$line" 2>/dev/null)}")
          compadd -- $found
          _files
        }
        compdef _amnre amnre
        """;

    private const string Fish =
        """
        # amnre completion fish: amnre completion fish > ~/.config/fish/completions/amnre.fish
        function __amnre_complete
          set -l line (commandline -cp)
          amnre "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c amnre -a '(__amnre_complete)'
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var verb = new Command(
            "completion",
            """
            Print a script that makes the shell complete verbs, options, and the names of experiments and jobs (where a database answers at once).

            Examples:
              source <(amnre completion bash)
              amnre completion fish > ~/.config/fish/completions/amnre.fish
            """)
        {
            shell,
        };
        verb.SetAction(parsed =>
        {
            Console.WriteLine(parsed.GetRequiredValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish });
            return ExitCode.Success;
        });
        return verb;
    }
}
