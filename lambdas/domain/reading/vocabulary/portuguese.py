"""Portuguese."""

from lambdas.domain.reading.vocabulary.feature import Feature, Rows

F = Feature

MARKERS = "ao aos pela pelo isso voce nao uma para com sua seu os foi nos esta da do em conta instancia sobre por"
"""Words that show the language."""

WORDS: Rows = {
    F.WE: "nos aws",
    F.YOU: "voce voces",
    F.YOUR: "sua seu suas seus",
    F.CUT: "bloqueamos isolamos suspendemos paramos desativamos restringimos interrompemos revogamos desligamos "
    "encerramos_a_inst cortamos desconectamos bloqueado bloqueada bloqueadas bloqueados isolado isolada suspenso "
    "suspensa parada parado desativada desativado interrompida interrompido restrita restrito bloquear isolar "
    "suspender desconectada",
    F.UNDO: "removemos_o_bloq removemos_as_rest restauramos desbloqueamos reativamos restabelecemos liberamos "
    "retiramos restaurado restaurada desbloqueada desbloqueado liberado liberada reativada removido removida "
    "removidas removidos suspendemos_o_bloq removemos",
    F.CLOSE: "fechamos encerramos fechado encerrado resolvido resolvida encerrada concluido encerrando fechando "
    "encerrar fechar",
    F.CONSIDER: "consideramos",
    F.RETRACT: "retiramos_a_notif desconsidere desconsiderar cancelamos ignorar retirada",
    F.SEND: "enviada enviado emitida emitido reportado notificado gerada",
    F.MISTAKEN: "por_engano por_erro indevidamente equivocadamente falso_positivo engano erroneamente",
    F.RECEIVE: "recebemos recebido recebida recebeu chegou chegaram",
    F.OBSERVE: "detectamos observamos identificamos constatamos verificamos envolvida envolvido detectado observado "
    "implicada notamos percebemos vemos",
    F.MEND: "excluir remover excluido removido corrigir limpar rotacionar exclusao remocao ter_excluido ter_removido "
    "corrigido tomado encerrado desativar trocar substituir",
    F.CEASE: "cessou cessaram parou pararam encerrou",
    F.REQUEST: "responda responder confirme confirmar informe informar envie enviar forneca fornecer descreva "
    "explique contate indique detalhe resposta",
    F.THANK: "obrigado obrigada agradecemos agradeco",
    F.SAY: "informou disse afirmou mencionou relatou escreveu disseram",
    F.SEE: "confirmamos verificamos vimos",
    F.REOPEN: "reabrimos reaberto",
    F.CASE: "caso chamado ticket notificacao incidente aviso investigacao",
    F.RESOURCE: "instancia instancias servidor recurso recursos maquina host endereco ip ec2",
    F.ACCOUNT: "conta contas",
    F.KEY: "chave chaves credenciais credencial senha akia*",
    F.CONTENT: "conteudo url site pagina",
    F.TRAFFIC: "trafego porta portas rede conexoes conexao saida",
    F.ACCESS: "acesso permissoes",
    F.LIMIT: "bloqueio restricao restricoes limitacao limitacoes isolamento suspensao medida medidas quarentena",
    F.REPORT: "denuncia denuncias reclamacao reclamacoes relato relatos relatorio",
    F.ANSWER: "resposta retorno mensagem",
    F.ACTION: "acao acoes medida medidas nada providencia etapa",
    F.NEEDED: "necessaria necessario necessarias exigida fazer",
    F.ACTIVITY: "atividade atividades comportamento tentativas ataques abuso eventos",
    F.EXPOSED: "publica publicamente exposta exposto publicada vazada divulgada expostas",
    F.COMPROMISED: "comprometida comprometido comprometidas suspeita suspeitas incomum irregular nao_autorizada "
    "nao_autorizado terceiros nao_autorizadas anomala indevido",
    F.VIOLATION: "abusiva violacao abuso viola",
    F.NOT: "nao nenhuma nenhum sem nunca nem",
    F.IF: "se salvo caso_nao caso_voce caso_o caso_a",
    F.ONCE: "assim_que uma_vez",
    F.WHEN: "antes apos quando para_que depois ate_que",
    F.MAY: "podemos pode poderemos poderao poderia podera devemos podem possivelmente",
    F.WILL: "sera vamos serao ira iremos",
    F.NOW: "agora portanto",
    F.BUT: "mas porem entretanto contudo",
    F.BE: "foi foram esta estao e ser sido",
    F.HAVE: "temos tem ter",
    F.STILL: "ainda continua continuam persiste persistem novamente voltou voltaram continuando",
    F.REMAIN: "permanece permanecem mantida mantido continua vigor",
    F.NEW: "nova novo novas novos outra outro adicional adicionais",
    F.PREVIOUS: "anterior anteriores",
    F.PLEASE: "favor solicitamos pedimos gentileza",
    F.MUST: "deve aguardamos aguardando precisamos precisa",
    F.OPTIONAL: "nao_recebe nao_aceita nao_pode_receber duvidas duvida hesite pesquisa ajuda perguntas",
    F.REMINDER: "lembrete ultimo_aviso acompanhamento relembrar segundo_aviso aviso_final",
    F.SILENCE: "nao_recebemos sem_resposta nenhuma_resposta nao_obtivemos ainda_nao_recebemos sem_retorno "
    "nao_tivemos",
    F.PASSING: "por_enquanto por_ora",
    F.AWAY: "da_rede offline",
}  # fmt: skip
